"""The way into the kernel and out of it: the entries, the short frame of a call and the full frame of the rest.

Firmware enters with {PS, PC, gp, a0, a1, a2} pushed on the kernel's stack, gp the kernel's own. The stack begins at the
CPU's record, whose first word names the frame of the program; it grows down below it. Every entry masks all interrupts
itself. One that comes before that, or where the kernel lets them through for a moment, is noted in the record and goes
back, masked, to where it came from; no program is resumed over a noted interrupt. A call saves what a called function
must keep; what it may destroy is cleared on the way out. The offsets are those of `frame.py`; a test compares them.
"""

from typing import Final

from kernel.arch.alpha.frame import CpuRecord
from kernel.arch.alpha.pal import NUMBERS
from metal import Ptr, asm, export, naked, section, u64

UNSAFE: Final = True


@naked
@export
@section(".text.vectors")
def enter_system() -> None:
    """A call; the other entries follow it."""
    asm(NUMBERS)
    asm("""
    .set    macro
    .set    noat
    .equ    FRAME_HANDLE, 64
    .equ    FRAME_NUMBER, 72
    .equ    FRAME_KEPT, 80
    .equ    FRAME_STACK, 152
    .equ    FRAME_PC, 160
    .equ    FRAME_FULL, 168
    .equ    FRAME_SCRATCH, 176
    .equ    RECORD_NOTED, 8
    .equ    RECORD_VECTOR, 16
    .equ    RECORD_ADDRESS, 24
    .equ    PUSHED, 48

    .macro  kept_registers do, frame
    \\do    $2, 48(\\frame)
    \\do    $3, 56(\\frame)
    \\do    $0, FRAME_HANDLE(\\frame)
    \\do    $4, FRAME_NUMBER(\\frame)
    \\do    $11, FRAME_KEPT + 16(\\frame)
    \\do    $12, FRAME_KEPT + 24(\\frame)
    \\do    $13, FRAME_KEPT + 32(\\frame)
    \\do    $14, FRAME_KEPT + 40(\\frame)
    \\do    $15, FRAME_KEPT + 48(\\frame)
    \\do    $26, FRAME_KEPT + 56(\\frame)
    \\do    $5, FRAME_SCRATCH(\\frame)
    \\do    $19, 24(\\frame)
    \\do    $20, 32(\\frame)
    \\do    $21, 40(\\frame)
    .endm

    .macro  scratch_registers do, frame
    \\do    $1, FRAME_SCRATCH + 8(\\frame)
    \\do    $6, FRAME_SCRATCH + 16(\\frame)
    \\do    $7, FRAME_SCRATCH + 24(\\frame)
    \\do    $8, FRAME_SCRATCH + 32(\\frame)
    \\do    $22, FRAME_SCRATCH + 40(\\frame)
    \\do    $23, FRAME_SCRATCH + 48(\\frame)
    \\do    $24, FRAME_SCRATCH + 56(\\frame)
    \\do    $25, FRAME_SCRATCH + 64(\\frame)
    \\do    $27, FRAME_SCRATCH + 72(\\frame)
    \\do    $28, FRAME_SCRATCH + 80(\\frame)
    .endm

    # What firmware keeps for the program goes to its frame, in $10; $9 becomes the record.
    .macro  take_pushed
    lda     $9, PUSHED($30)
    ldq     $1, 8($30)
    stq     $1, FRAME_PC($10)
    ldq     $1, 16($30)
    stq     $1, FRAME_KEPT + 64($10)
    call_pal RDUSP
    stq     $0, FRAME_STACK($10)
    mov     $9, $30
    mov     $31, $15
    .endm

    ldq     $28, PUSHED($30)
    kept_registers stq, $28
    stq     $9, FRAME_KEPT($28)
    stq     $10, FRAME_KEPT + 8($28)
    stq     $16, 0($28)
    stq     $17, 8($28)
    stq     $18, 16($28)
    mov     $28, $10
    lda     $16, 7($31)
    call_pal SWPIPL
    take_pushed
    mov     $9, $16
    ldq     $17, FRAME_SCRATCH($10)
    jsr     $26, kernel_call
    br      resume

    # An interrupt that a record has to remember: a bit for each kind, and what a device's says beside.
    .macro  note kind, vector, record, free, other
    lda     \\free, 1($31)
    sll     \\free, \\kind, \\free
    ldq     \\other, RECORD_NOTED(\\record)
    bis     \\other, \\free, \\other
    stq     \\other, RECORD_NOTED(\\record)
    subq    \\kind, DEVICE, \\free
    bne     \\free, 1f
    stq     \\vector, RECORD_VECTOR(\\record)
1:
    .endm

    # From a program with every register; a0 to a2 are what the entry tells, and free otherwise.
    .macro  enter_fully kind
    lda     $30, -32($30)
    stq     $16, 0($30)
    stq     $17, 8($30)
    stq     $18, 16($30)
    ldq     $16, 32($30)
    and     $16, 8, $16             # PS.CM: from a program
    beq     $16, enter_from_kernel_\\kind
    ldq     $16, 32 + PUSHED($30)
    kept_registers stq, $16
    scratch_registers stq, $16
    stq     $9, FRAME_KEPT($16)
    stq     $10, FRAME_KEPT + 8($16)
    ldq     $11, 0($30)
    ldq     $12, 8($30)
    ldq     $13, 16($30)
    mov     $16, $10
    ldq     $1, 56($30)
    stq     $1, 0($10)
    ldq     $1, 64($30)
    stq     $1, 8($10)
    ldq     $1, 72($30)
    stq     $1, 16($10)
    lda     $1, 1($31)
    stq     $1, FRAME_FULL($10)
    lda     $16, 7($31)
    call_pal SWPIPL
    lda     $30, 32($30)
    take_pushed
    .endm

    .globl  enter_interrupt
enter_interrupt:
    enter_fully 0
    subq    $11, MACHINE_CHECK, $1
    beq     $1, machine_check
    note    $11, $12, $9, $1, $2
    mov     $9, $16
    jsr     $26, kernel_interrupt
    br      resume

    .globl  enter_arithmetic
enter_arithmetic:
    enter_fully 1
    lda     $17, 1($31)
    br      fault
    .globl  enter_memory
enter_memory:
    enter_fully 2
    lda     $17, 2($31)
    br      fault
    .globl  enter_instruction
enter_instruction:
    enter_fully 3
    lda     $17, 3($31)
    br      fault
    .globl  enter_unaligned
enter_unaligned:
    enter_fully 4
    lda     $17, 4($31)
    br      fault
machine_check:
    lda     $17, 6($31)

fault:
    mov     $9, $16
    mov     $11, $18
    mov     $12, $19
    mov     $13, $20
    jsr     $26, judge_fault        # the syndrome that `fault_kind` reads; 0 when there is nothing to tell
    beq     $0, resume
    mov     $9, $16
    mov     $0, $17
    ldq     $18, RECORD_ADDRESS($9)
    jsr     $26, kernel_fault
    br      resume

    # In the kernel. A call of firmware may destroy $1 and $22 to $25.
enter_from_kernel_0:
    ldq     $16, 0($30)
    subq    $16, MACHINE_CHECK, $16
    beq     $16, enter_from_kernel_1
    lda     $30, -48($30)
    stq     $0, 0($30)
    stq     $1, 8($30)
    stq     $22, 16($30)
    stq     $23, 24($30)
    stq     $24, 32($30)
    stq     $25, 40($30)
    read_record
    ldq     $16, 48($30)
    ldq     $17, 56($30)
    note    $16, $17, $0, $1, $18
    ldq     $1, 80($30)
    bis     $1, 7, $1               # PS.IPL
    stq     $1, 80($30)
    ldq     $0, 0($30)
    ldq     $1, 8($30)
    ldq     $22, 16($30)
    ldq     $23, 24($30)
    ldq     $24, 32($30)
    ldq     $25, 40($30)
    lda     $30, 80($30)
    call_pal RTI

    # From the kernel itself: a failure.
enter_from_kernel_1:
enter_from_kernel_2:
enter_from_kernel_3:
enter_from_kernel_4:
    ldq     $16, 40($30)
    ldq     $17, 8($30)
    ldq     $18, 0($30)
    lda     $30, __failure_stack_end
    mov     $31, $15
    jsr     $26, kernel_failed
1:  br      1b

    # Back to the program whose frame the record in $9 names; first an interrupt that was noted meanwhile.
    .globl  resume
resume:
    ldq     $1, RECORD_NOTED($9)
    beq     $1, 1f
    mov     $9, $16
    jsr     $26, kernel_interrupt
    br      resume
1:  ldq     $10, 0($9)
    ldq     $16, FRAME_STACK($10)
    call_pal WRUSP
    lda     $30, -PUSHED($9)
    lda     $1, 8($31)
    stq     $1, 0($30)
    ldq     $1, FRAME_PC($10)
    stq     $1, 8($30)
    ldq     $1, FRAME_KEPT + 64($10)
    stq     $1, 16($30)
    ldq     $1, 0($10)
    stq     $1, 24($30)
    ldq     $1, 8($10)
    stq     $1, 32($30)
    ldq     $1, 16($10)
    stq     $1, 40($30)
    mov     $10, $16
    kept_registers ldq, $16
    ldq     $9, FRAME_KEPT($16)
    ldq     $10, FRAME_KEPT + 8($16)
    ldq     $17, FRAME_FULL($16)
    bne     $17, 2f
    mov     $31, $1
    mov     $31, $6
    mov     $31, $7
    mov     $31, $8
    mov     $31, $22
    mov     $31, $23
    mov     $31, $24
    mov     $31, $25
    mov     $31, $27
    mov     $31, $28
    call_pal RTI
2:  stq     $31, FRAME_FULL($16)
    scratch_registers ldq, $16
    call_pal RTI
    .set    nomacro
    """)


@naked
@export
def enter(record: Ptr[CpuRecord]) -> None:
    """Ends the boot: the record becomes the stack pointer and its program runs. Does not return."""
    asm("""
    .set    macro
    mov     $16, $9
    mov     $16, $30
    br      resume
    .set    nomacro
    """)


@naked
@export
def save_vectors(registers: u64) -> None:
    """Writes the floating-point registers and their control to `Frame.vectors`; they are open."""
    asm("""
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    stt     $f\\r, \\r * 8($16)
    .endr
    mf_fpcr $f0
    stt     $f0, 248($16)
    ldt     $f0, 0($16)
    ret     $31, ($26), 1
    """)


@naked
@export
def load_vectors(registers: u64) -> None:
    """Reads the floating-point registers and their control from `Frame.vectors`; they are open."""
    asm("""
    ldt     $f0, 248($16)
    mt_fpcr $f0
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    ldt     $f\\r, \\r * 8($16)
    .endr
    ret     $31, ($26), 1
    """)
