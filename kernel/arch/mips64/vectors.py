"""The way into the kernel and out of it: refill of translations, the short frame of a call, the full frame of the rest.

The vectors stand at fixed places behind EBase. k0 and k1 are theirs alone. While the kernel runs gp is the CPU's
record, and the kernel's stack grows down below it. A call saves what a called function must keep; what it may destroy
is cleared on the way out, so that no register carries a word from one space to another. Interrupts and faults save
everything. The offsets are those of `frame.py`; a test compares them. Names in quotes are chapters of "MIPS64
Architecture For Programmers, Volume III", revision 5.
"""

from typing import Final

from kernel.arch.mips64.frame import CpuRecord
from metal import Ptr, align, asm, export, naked, section, u64

UNSAFE: Final = True


@naked
@export
@align(4096)
@section(".text.vectors")
def trap_vectors() -> None:
    """EBase points here ("Exception Vector Locations"): refill at 0x80, everything else at 0x180."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    .equ    FRAME_HANDLE, 64
    .equ    FRAME_NUMBER, 72
    .equ    FRAME_KEPT, 80
    .equ    FRAME_STACK, 168
    .equ    FRAME_PC, 176
    .equ    FRAME_FULL, 184
    .equ    FRAME_SCRATCH, 192
    .equ    RECORD_SCRATCH, 16
    .equ    ANCHOR_RECORD, 8

    # $26 and $27 are k0 and k1. Registers of coprocessor 0: $2 and $3 EntryLo0 and 1, $8 BadVAddr, $12 Status,
    # $13 Cause, $14 EPC.
    .org    0x80
    dmfc0   $26, $8
    dsrl32  $27, $26, 39 - 32       # no table speaks of higher addresses, and none may be another name of a lower one
    bnez    $27, general
    lui     $27, %hi(__anchor)
    ld      $27, %lo(__anchor)($27)
    dsrl    $26, $26, 27
    andi    $26, $26, 0xff8
    daddu   $27, $27, $26
    ld      $27, 0($27)             # an entry of an upper table is the address of the lower one
    dmfc0   $26, $8
    dsrl    $26, $26, 18
    beqz    $27, general
    andi    $26, $26, 0xff8
    daddu   $27, $27, $26
    ld      $27, 0($27)
    dmfc0   $26, $8
    dsrl    $26, $26, 9
    beqz    $27, general
    andi    $26, $26, 0xff0         # two pages are translated together, the even one first
    daddu   $27, $27, $26
    ld      $26, 0($27)
    ld      $27, 8($27)
    dmtc0   $26, $2
    dmtc0   $27, $3
    ehb
    tlbwr
    move    $26, $0                 # programs know no physical addresses
    move    $27, $0
    eret

    .org    0x100                   # a cache error; the architecture runs it uncached
    b       general
    nop

    .macro  short_frame do
    \\do    $4, 0($27)
    \\do    $5, 8($27)
    \\do    $6, 16($27)
    \\do    $7, 24($27)
    \\do    $8, 32($27)
    \\do    $9, 40($27)
    \\do    $10, 48($27)
    \\do    $11, 56($27)
    \\do    $12, FRAME_HANDLE($27)
    \\do    $13, FRAME_NUMBER($27)
    \\do    $16, FRAME_KEPT($27)
    \\do    $17, FRAME_KEPT + 8($27)
    \\do    $18, FRAME_KEPT + 16($27)
    \\do    $19, FRAME_KEPT + 24($27)
    \\do    $20, FRAME_KEPT + 32($27)
    \\do    $21, FRAME_KEPT + 40($27)
    \\do    $22, FRAME_KEPT + 48($27)
    \\do    $23, FRAME_KEPT + 56($27)
    \\do    $28, FRAME_KEPT + 64($27)
    \\do    $30, FRAME_KEPT + 72($27)
    \\do    $31, FRAME_KEPT + 80($27)
    \\do    $29, FRAME_STACK($27)
    \\do    $14, FRAME_SCRATCH($27)
    .endm

    .macro  save_short
    short_frame sd
    move    $28, $26
    move    $29, $26
    move    $30, $0
    .endm

    # The kernel runs with interrupts masked by IE alone, so that an exception of its own is told from the program's.
    .macro  enter_kernel_mode
    mfc0    $2, $12
    ins     $2, $0, 0, 5            # KSU, ERL, EXL, IE
    mtc0    $2, $12
    move    $4, $28
    .endm

    .org    0x180
general:
    mfc0    $27, $12
    andi    $27, $27, 0x18          # Status.KSU: 0 in the kernel
    beqz    $27, enter_from_kernel
    lui     $26, %hi(__anchor)
    ld      $26, %lo(__anchor + ANCHOR_RECORD)($26)
    ld      $27, 0($26)
    sd      $1, RECORD_SCRATCH($26)
    mfc0    $1, $13
    andi    $1, $1, 0x7c
    xori    $1, $1, 8 << 2          # Cause.ExcCode: a system call
    bnez    $1, enter_fully
    nop
    save_short
    dmfc0   $1, $14
    daddiu  $1, $1, 4
    sd      $1, FRAME_PC($27)
    enter_kernel_mode
    jal     kernel_call
    move    $5, $14
    b       resume
    nop

enter_fully:
    save_short
    ld      $1, RECORD_SCRATCH($26)
    sd      $1, FRAME_SCRATCH + 8($27)
    sd      $2, FRAME_SCRATCH + 16($27)
    sd      $3, FRAME_SCRATCH + 24($27)
    sd      $15, FRAME_SCRATCH + 32($27)
    sd      $24, FRAME_SCRATCH + 40($27)
    sd      $25, FRAME_SCRATCH + 48($27)
    mflo    $1
    sd      $1, FRAME_SCRATCH + 56($27)
    mfhi    $1
    sd      $1, FRAME_SCRATCH + 64($27)
    li      $1, 1
    sd      $1, FRAME_FULL($27)
    dmfc0   $1, $14
    sd      $1, FRAME_PC($27)
    mfc0    $16, $13
    dmfc0   $17, $8
    enter_kernel_mode
    andi    $2, $16, 0x7c
    bnez    $2, enter_fault
    move    $5, $16
    jal     kernel_interrupt
    nop
    b       resume
    nop

enter_fault:
    jal     judge_fault             # the syndrome that `fault_kind` reads; 0 when there is nothing to tell
    move    $6, $17
    beqz    $2, resume
    move    $4, $28
    move    $5, $2
    jal     kernel_fault
    ld      $6, RECORD_SCRATCH + 8($28)
    b       resume
    nop

    # The kernel takes interrupts only where it waits for one, and goes on behind that place. Whatever else arrives is a
    # failure of the kernel.
enter_from_kernel:
    mfc0    $27, $13
    andi    $27, $27, 0x7c
    bnez    $27, 1f
    mfc0    $27, $12
    ins     $27, $0, 0, 1           # with interrupts masked again
    mtc0    $27, $12
    lui     $26, %hi(waited)
    daddiu  $26, $26, %lo(waited)
    dmtc0   $26, $14
    ehb
    eret
1:  dmfc0   $4, $14
    mfc0    $5, $13
    dmfc0   $6, $8
    lui     $29, %hi(__failure_stack_end)
    daddiu  $29, $29, %lo(__failure_stack_end)
    mfc0    $2, $12
    ins     $2, $0, 0, 5
    mtc0    $2, $12
    jal     kernel_failed
    move    $30, $0
2:  wait
    b       2b
    nop

    # Back to the program whose frame the record names. Status keeps which interrupts are heard and whether the
    # floating-point registers are open; user mode and EXL are added, and ERET takes EXL away.
resume:
    ld      $27, 0($28)
    mfc0    $2, $12
    ori     $2, $2, 0x13
    mtc0    $2, $12
    ld      $3, FRAME_PC($27)
    dmtc0   $3, $14
    ld      $2, FRAME_FULL($27)
    bnez    $2, 1f
    nop
    short_frame ld
    move    $1, $0
    move    $2, $0
    move    $3, $0
    move    $15, $0
    move    $24, $0
    move    $25, $0
    mtlo    $0
    mthi    $0
    move    $26, $0
    move    $27, $0
    ehb
    eret

1:  sd      $0, FRAME_FULL($27)
    ld      $1, FRAME_SCRATCH + 56($27)
    mtlo    $1
    ld      $1, FRAME_SCRATCH + 64($27)
    mthi    $1
    short_frame ld
    ld      $1, FRAME_SCRATCH + 8($27)
    ld      $2, FRAME_SCRATCH + 16($27)
    ld      $3, FRAME_SCRATCH + 24($27)
    ld      $15, FRAME_SCRATCH + 32($27)
    ld      $24, FRAME_SCRATCH + 40($27)
    ld      $25, FRAME_SCRATCH + 48($27)
    move    $26, $0
    move    $27, $0
    ehb
    eret
    .set    pop
    """)


@naked
@export
def wait_for_interrupt() -> None:
    """Sleeps until an interrupt is pending. WAIT ends only with one that is let through, so it is let through to the
    vectors, which come back to `waited` with interrupts masked: also when it came before the WAIT."""
    asm("""
    .set    push
    .set    noreorder
    mfc0    $2, $12
    ori     $2, $2, 1
    mtc0    $2, $12
    ehb
    wait
1:  b       1b
    nop
    .globl  waited
waited:
    jr      $31
    nop
    .set    pop
    """)


@naked
@export
def enter(record: Ptr[CpuRecord]) -> None:
    """Ends the boot: the record becomes the stack pointer and its program runs. Does not return."""
    asm("""
    .set    push
    .set    noreorder
    move    $28, $4
    j       resume
    move    $29, $4
    .set    pop
    """)


@naked
@export
def save_vectors(registers: u64) -> None:
    """Writes the floating-point registers and their control to `Frame.vectors`; they are open."""
    asm("""
    .set    push
    .set    noreorder
    .set    hardfloat
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sdc1    $f\\r, \\r * 8($4)
    .endr
    cfc1    $2, $31
    jr      $31
    sd      $2, 256($4)
    .set    pop
    """)


@naked
@export
def load_vectors(registers: u64) -> None:
    """Reads the floating-point registers and their control from `Frame.vectors`; they are open."""
    asm("""
    .set    push
    .set    noreorder
    .set    hardfloat
    ld      $2, 256($4)
    ctc1    $2, $31
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ldc1    $f\\r, \\r * 8($4)
    .endr
    jr      $31
    nop
    .set    pop
    """)
