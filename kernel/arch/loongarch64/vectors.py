"""The way into the kernel and out of it: exception vectors, the short frame of a call and the full frame of the rest.

SAVE0 is always the address of the CPU's record, whose first word names the frame of the program that runs, and the
kernel's stack grows down below it. A call saves what a called function must keep; what it may destroy is cleared on the
way out, so that no register carries a word from one space to another. Interrupts and faults save everything. ERTN
drops the reservation of LL, so that a store of one program never succeeds by the reservation of another. The offsets
are those of `frame.py`; a test compares them. Chapters are those of the LoongArch Reference Manual, volume 1 (v1.10).
"""

from typing import Final

from kernel.arch.loongarch64.frame import CpuRecord
from metal import Ptr, align, asm, export, naked, section, u64

UNSAFE: Final = True


@naked
@export
@align(4096)
@section(".text.vectors")
def refill() -> None:
    """TLBRENTRY: fills the buffer from the page tables, at physical addresses ("TLB Refill Exception", 5.4.3).

    What no table translates is filled in as invalid, so that the access faults when it is repeated. The two entries of
    a pair are loaded by hand, as QEMU 7.2's LDPTE drops the bits above the address.
    """
    asm("""
    csrwr   $t0, 0x8b               # TLBRSAVE
    csrwr   $t1, 0x31               # SAVE1
    csrrd   $t1, 0x89               # TLBRBADV
    srli.d  $t0, $t1, 47            # the emulator lets bit 47 pass, which no level looks at
    bnez    $t0, 2f
    csrrd   $t0, 0x19               # PGDL
    lddir   $t0, $t0, 3
    beqz    $t0, 2f
    lddir   $t0, $t0, 1
    beqz    $t0, 2f
    bstrpick.d $t1, $t1, 24, 15
    alsl.d  $t0, $t1, $t0, 4
    ld.d    $t1, $t0, 0
    csrwr   $t1, 0x8c               # TLBRELO0
    ld.d    $t1, $t0, 8
1:  csrwr   $t1, 0x8d               # TLBRELO1
    tlbfill
    csrrd   $t1, 0x31
    csrrd   $t0, 0x8b
    ertn
2:  move    $t1, $zero
    csrwr   $zero, 0x8c
    b       1b
    """)


@naked
@export
@align(4096)
@section(".text.vectors")
def trap_entry() -> None:
    """EENTRY: two instructions for each code of an exception, then for each interrupt ("Exception Entry", 6.1.4)."""
    asm("""
    .equ    FRAME_HANDLE, 64
    .equ    FRAME_KEPT, 80
    .equ    FRAME_THREAD_POINTER, 168
    .equ    FRAME_STACK, 176
    .equ    FRAME_PC, 184
    .equ    FRAME_FULL, 192
    .equ    FRAME_SCRATCH, 200
    .equ    RECORD_FAULT_ADDRESS, 16

    .macro  short_frame do
    \\do    $a0, $t3, 0
    \\do    $a1, $t3, 8
    \\do    $a2, $t3, 16
    \\do    $a3, $t3, 24
    \\do    $a4, $t3, 32
    \\do    $a5, $t3, 40
    \\do    $a6, $t3, 48
    \\do    $a7, $t3, 56
    \\do    $t0, $t3, FRAME_HANDLE
    \\do    $t1, $t3, FRAME_HANDLE + 8
    \\do    $ra, $t3, FRAME_KEPT
    \\do    $fp, $t3, FRAME_KEPT + 8
    \\do    $s0, $t3, FRAME_KEPT + 16
    \\do    $s1, $t3, FRAME_KEPT + 24
    \\do    $s2, $t3, FRAME_KEPT + 32
    \\do    $s3, $t3, FRAME_KEPT + 40
    \\do    $s4, $t3, FRAME_KEPT + 48
    \\do    $s5, $t3, FRAME_KEPT + 56
    \\do    $s6, $t3, FRAME_KEPT + 64
    \\do    $s7, $t3, FRAME_KEPT + 72
    \\do    $s8, $t3, FRAME_KEPT + 80
    \\do    $tp, $t3, FRAME_THREAD_POINTER
    \\do    $t2, $t3, FRAME_SCRATCH
    .endm

    .macro  scratch_frame do
    \\do    $t5, $t3, FRAME_SCRATCH + 24
    \\do    $t6, $t3, FRAME_SCRATCH + 32
    \\do    $t7, $t3, FRAME_SCRATCH + 40
    \\do    $t8, $t3, FRAME_SCRATCH + 48
    \\do    $r21, $t3, FRAME_SCRATCH + 56
    .endm

    .macro  save_short skip
    ld.d    $t3, $sp, 0
    short_frame st.d
    csrrd   $t4, 0x31
    st.d    $t4, $t3, FRAME_STACK
    csrrd   $t4, 0x6                # ERA
    .if     \\skip
    addi.d  $t4, $t4, \\skip
    .endif
    st.d    $t4, $t3, FRAME_PC
    move    $a0, $sp
    move    $fp, $zero
    .endm

    .macro  save_full
    csrwr   $t3, 0x32               # SAVE2
    csrwr   $t4, 0x33               # SAVE3
    save_short 0
    scratch_frame st.d
    csrrd   $t0, 0x32
    csrrd   $t1, 0x33
    st.d    $t0, $t3, FRAME_SCRATCH + 8
    st.d    $t1, $t3, FRAME_SCRATCH + 16
    ori     $t4, $zero, 1
    st.d    $t4, $t3, FRAME_FULL
    .endm

    .macro  vectors count, to
    .rept   \\count
    csrwr   $sp, 0x31
    b       \\to
    .endr
    .endm

    vectors 11, enter_fault
    vectors 1, enter_call           # SYSCALL is exception 11
    vectors 52, enter_fault
    vectors 14, enter_interrupt

enter_call:
    csrrd   $sp, 0x30
    save_short 4
    move    $a1, $t2
    bl      kernel_call
    b       resume

enter_interrupt:
    csrrd   $sp, 0x30
    save_full
    bl      kernel_interrupt
    b       resume

    # The kernel takes no interrupts, and a fault of its own is a failure.
enter_fault:
    csrrd   $sp, 0x1                # PRMD
    andi    $sp, $sp, 3
    beqz    $sp, enter_failed
    csrrd   $sp, 0x30
    save_full
    bl      judge_fault
    beqz    $a0, resume
    move    $a1, $a0
    ld.d    $a2, $sp, RECORD_FAULT_ADDRESS
    move    $a0, $sp
    bl      kernel_fault
    b       resume

enter_failed:
    csrrd   $a0, 0x6
    csrrd   $a1, 0x5                # ESTAT
    csrrd   $a2, 0x7                # BADV
    la.pcrel $sp, __failure_stack_end
    move    $fp, $zero
    bl      kernel_failed
1:  idle    0
    b       1b

    # Back to the program whose frame the record at the stack pointer names. PRMD is what the exception left there.
resume:
    ld.d    $t3, $sp, 0
    ld.d    $t4, $t3, FRAME_PC
    ld.d    $t5, $t3, FRAME_FULL
    csrwr   $t4, 0x6
    bnez    $t5, 1f
    short_frame ld.d
    ld.d    $sp, $t3, FRAME_STACK
    move    $t3, $zero
    move    $t4, $zero
    move    $t5, $zero
    move    $t6, $zero
    move    $t7, $zero
    move    $t8, $zero
    move    $r21, $zero
    ertn

1:  st.d    $zero, $t3, FRAME_FULL
    short_frame ld.d
    scratch_frame ld.d
    ld.d    $sp, $t3, FRAME_STACK
    ld.d    $t4, $t3, FRAME_SCRATCH + 16
    ld.d    $t3, $t3, FRAME_SCRATCH + 8
    ertn
    """)


@naked
@export
def enter(record: Ptr[CpuRecord]) -> None:
    """Ends the boot: the record becomes the stack pointer and its program runs. Does not return."""
    asm("""
    move    $sp, $a0
    b       resume
    """)


@naked
@export
def save_vectors(registers: u64) -> None:
    """Writes the floating-point registers, their control and their conditions to `Frame.vectors`."""
    asm("""
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fst.d   $f\\r, $a0, \\r * 8
    .endr
    movfcsr2gr $a1, $fcsr0
    st.d    $a1, $a0, 256
    .irp    r, 0,1,2,3,4,5,6,7
    movcf2gr $a1, $fcc\\r
    st.b    $a1, $a0, 264 + \\r
    .endr
    ret
    """)


@naked
@export
def load_vectors(registers: u64) -> None:
    """Reads the floating-point registers, their control and their conditions from `Frame.vectors`."""
    asm("""
    .irp    r, 0,1,2,3,4,5,6,7
    ld.bu   $a1, $a0, 264 + \\r
    movgr2cf $fcc\\r, $a1
    .endr
    ld.d    $a1, $a0, 256
    movgr2fcsr $fcsr0, $a1
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld.d   $f\\r, $a0, \\r * 8
    .endr
    ret
    """)
