"""The way into the kernel and out of it: trap vectors, the short frame of a call and the full frame of the rest.

While a program runs, sscratch is the address of the CPU's record, whose first word names the frame of that program, and
the kernel's stack grows down below it; while the kernel runs it is zero, and tp is that address. A call saves what a
called function must keep; what it may destroy is cleared on the way out, so that no register carries a word from one
space to another. Interrupts and faults save everything. The offsets are those of `frame.py`; a test compares them.
"""

from typing import Final

from kernel.arch.riscv64.frame import CpuRecord
from metal import Ptr, align, asm, export, naked, section, u64

UNSAFE: Final = True


@naked
@export
@align(4)
@section(".text.vectors")
def trap_entry() -> None:
    """stvec points here, in direct mode: firmware that hands a trap on knows no other ("stvec", 4.1.2)."""
    asm("""
    .equ    FRAME_HANDLE, 64
    .equ    FRAME_KEPT, 80
    .equ    FRAME_THREAD_POINTER, 192
    .equ    FRAME_STACK, 200
    .equ    FRAME_PC, 208
    .equ    FRAME_FULL, 216
    .equ    FRAME_SCRATCH, 224
    .equ    RECORD_SCRATCH, 16

    .macro  short_frame do
    \\do    a0, 0(t3)
    \\do    a1, 8(t3)
    \\do    a2, 16(t3)
    \\do    a3, 24(t3)
    \\do    a4, 32(t3)
    \\do    a5, 40(t3)
    \\do    a6, 48(t3)
    \\do    a7, 56(t3)
    \\do    t0, FRAME_HANDLE(t3)
    \\do    t1, FRAME_HANDLE + 8(t3)
    \\do    ra, FRAME_KEPT(t3)
    \\do    gp, FRAME_KEPT + 8(t3)
    \\do    s0, FRAME_KEPT + 16(t3)
    \\do    s1, FRAME_KEPT + 24(t3)
    \\do    s2, FRAME_KEPT + 32(t3)
    \\do    s3, FRAME_KEPT + 40(t3)
    \\do    s4, FRAME_KEPT + 48(t3)
    \\do    s5, FRAME_KEPT + 56(t3)
    \\do    s6, FRAME_KEPT + 64(t3)
    \\do    s7, FRAME_KEPT + 72(t3)
    \\do    s8, FRAME_KEPT + 80(t3)
    \\do    s9, FRAME_KEPT + 88(t3)
    \\do    s10, FRAME_KEPT + 96(t3)
    \\do    s11, FRAME_KEPT + 104(t3)
    \\do    tp, FRAME_THREAD_POINTER(t3)
    .endm

    .macro  save_short skip
    ld      t3, 0(sp)
    short_frame sd
    csrrw   t4, sscratch, zero
    sd      t4, FRAME_STACK(t3)
    csrr    t4, sepc
    .if     \\skip
    addi    t4, t4, \\skip
    .endif
    sd      t4, FRAME_PC(t3)
    mv      tp, sp
    mv      a0, sp
    li      s0, 0
    .endm

    .macro  save_full
    save_short 0
    ld      t0, RECORD_SCRATCH(sp)
    ld      t1, RECORD_SCRATCH + 8(sp)
    sd      t2, FRAME_SCRATCH(t3)
    sd      t0, FRAME_SCRATCH + 8(t3)
    sd      t1, FRAME_SCRATCH + 16(t3)
    sd      t5, FRAME_SCRATCH + 24(t3)
    sd      t6, FRAME_SCRATCH + 32(t3)
    li      t4, 1
    sd      t4, FRAME_FULL(t3)
    .endm

    csrrw   sp, sscratch, sp
    beqz    sp, enter_failed
    sd      t3, RECORD_SCRATCH(sp)
    sd      t4, RECORD_SCRATCH + 8(sp)
    csrr    t3, scause
    li      t4, 8                   # environment call from a program
    bne     t3, t4, enter_fully
    save_short 4
    sd      t2, FRAME_SCRATCH(t3)   # the operation, which a call that is repeated needs again
    mv      a1, t2
    call    kernel_call
    j       resume

enter_fully:
    save_full
    csrr    a1, scause
    bgez    a1, enter_fault
    call    kernel_interrupt
    j       resume

enter_fault:
    csrr    a2, stval
    li      t0, 2                   # illegal instruction, or floating-point registers that are closed
    bne     a1, t0, 1f
    li      a2, 0
    li      t1, 0x6000              # sstatus.FS
    csrr    t0, sstatus
    and     t0, t0, t1
    bnez    t0, 2f
    call    open_vectors
    j       resume
1:  li      t0, 3                   # breakpoint: stval is no address of data
    bne     a1, t0, 2f
    li      a2, 0
2:  call    kernel_fault
    j       resume

    # From the kernel itself, which takes no interrupts: whatever arrives is a failure of the kernel.
enter_failed:
    csrr    a0, sepc
    csrr    a1, scause
    csrr    a2, stval
    la      sp, __failure_stack_end
    li      s0, 0
    call    kernel_failed
1:  wfi
    j       1b

    # Back to the program whose frame the record at the stack pointer names.
resume:
    ld      t3, 0(sp)
    csrw    sscratch, sp
    ld      t4, FRAME_PC(t3)
    ld      t5, FRAME_FULL(t3)
    csrw    sepc, t4
    bnez    t5, 1f
    short_frame ld
    ld      sp, FRAME_STACK(t3)
    ld      t2, FRAME_SCRATCH(t3)
    li      t3, 0
    li      t4, 0
    li      t5, 0
    li      t6, 0
    sret

1:  addi    t6, sp, RECORD_SCRATCH  # a reservation of the program before must not let a store of this one succeed
    sc.d    zero, zero, (t6)
    sd      zero, FRAME_FULL(t3)
    short_frame ld
    ld      sp, FRAME_STACK(t3)
    ld      t2, FRAME_SCRATCH(t3)
    ld      t4, FRAME_SCRATCH + 16(t3)
    ld      t5, FRAME_SCRATCH + 24(t3)
    ld      t6, FRAME_SCRATCH + 32(t3)
    ld      t3, FRAME_SCRATCH + 8(t3)
    sret
    """)


@naked
@export
def enter(record: Ptr[CpuRecord]) -> None:
    """Ends the boot: the record becomes the stack pointer and its program runs. Does not return."""
    asm("""
    mv      sp, a0
    j       resume
    """)


@naked
@export
def save_vectors(registers: u64) -> None:
    """Writes the floating-point registers and their control to `Frame.vectors`."""
    asm("""
    .option push
    .option arch, +d
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd     f\\r, \\r * 8(a0)
    .endr
    frcsr   a1
    .option pop
    sd      a1, 256(a0)
    ret
    """)


@naked
@export
def load_vectors(registers: u64) -> None:
    """Reads the floating-point registers and their control from `Frame.vectors`."""
    asm("""
    .option push
    .option arch, +d
    ld      a1, 256(a0)
    fscsr   a1
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld     f\\r, \\r * 8(a0)
    .endr
    .option pop
    ret
    """)
