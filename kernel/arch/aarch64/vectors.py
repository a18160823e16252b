"""The way into the kernel and out of it: exception vectors, the short frame of a call and the full frame of the rest.

While a program runs, SP_EL1 is the address of the CPU's record, whose first word names the frame of that program, and
the kernel's stack grows down below it. A call saves what a called function must keep; what it may destroy is cleared on
the way out, so that no register carries a word from one space to another. Interrupts and faults save everything.
The offsets are those of `frame.py`; a test compares them.
"""

from typing import Final

from kernel.arch.aarch64.frame import CpuRecord
from metal import Ptr, align, asm, export, naked, section, u64

UNSAFE: Final = True


@naked
@export
@align(2048)
@section(".text.vectors")
def exception_vectors() -> None:
    """VBAR_EL1 points here: sixteen entries of 128 bytes, "Exception vectors" (D1)."""
    asm("""
    .equ    FRAME_HANDLE, 64
    .equ    FRAME_KEPT, 80
    .equ    FRAME_STACK, 176
    .equ    FRAME_STATE, 192
    .equ    FRAME_FULL, 216
    .equ    FRAME_SCRATCH, 224
    .equ    RECORD_SCRATCH, 8

    .macro  save_short
    ldr     x17, [sp]
    stp     x0, x1, [x17]
    stp     x2, x3, [x17, #16]
    stp     x4, x5, [x17, #32]
    stp     x6, x7, [x17, #48]
    stp     x11, x13, [x17, #FRAME_HANDLE]
    stp     x19, x20, [x17, #FRAME_KEPT]
    stp     x21, x22, [x17, #FRAME_KEPT + 16]
    stp     x23, x24, [x17, #FRAME_KEPT + 32]
    stp     x25, x26, [x17, #FRAME_KEPT + 48]
    stp     x27, x28, [x17, #FRAME_KEPT + 64]
    stp     x29, x30, [x17, #FRAME_KEPT + 80]
    .endm

    .macro  load_kept
    ldp     x19, x20, [x17, #FRAME_KEPT]
    ldp     x21, x22, [x17, #FRAME_KEPT + 16]
    ldp     x23, x24, [x17, #FRAME_KEPT + 32]
    ldp     x25, x26, [x17, #FRAME_KEPT + 48]
    ldp     x27, x28, [x17, #FRAME_KEPT + 64]
    ldp     x29, x30, [x17, #FRAME_KEPT + 80]
    .endm

    // The words of the frame at x0, the rest of a call's answer of the one at x17.
    .macro  load_answer
    ldp     x11, x13, [x17, #FRAME_HANDLE]
    ldp     x6, x7, [x0, #48]
    ldp     x4, x5, [x0, #32]
    ldp     x2, x3, [x0, #16]
    ldp     x0, x1, [x0]
    .endm

    .macro  broken
    .balign 128
    b       enter_failed
    .endm

    // From the kernel itself, which takes no interrupts: whatever arrives is a failure of the kernel.
    .rept   4
    broken
    .endr
    .balign 128
    mrs     x16, elr_el1
    adr     x17, semihosting_request
    cmp     x16, x17
    b.ne    enter_failed
    add     x16, x16, #4                    // no debugger answers here: go on behind the request
    msr     elr_el1, x16
    eret
    broken
    broken
    broken

    // From a program: a call, a fault, an interrupt.
    .balign 128
    stp     x16, x17, [sp, #RECORD_SCRATCH]
    mrs     x16, esr_el1
    lsr     x17, x16, #26
    cmp     x17, #0x15                      // ESR_EL1.EC: SVC
    b.ne    enter_fault
    save_short
    mrs     x8, sp_el0
    mrs     x9, elr_el1
    stp     x8, x9, [x17, #FRAME_STACK]
    and     x1, x16, #0xffff                // ESR_EL1.ISS: the number in the SVC instruction
    mov     x0, sp
    adr     x30, leave_call
    b       kernel_call
    .balign 128
    stp     x16, x17, [sp, #RECORD_SCRATCH]
    b       enter_interrupt
    broken
    broken

    // From 32-bit code, which no frame asks for.
    .rept   4
    broken
    .endr
    .balign 128

    .macro  save_full
    save_short
    stp     x8, x9, [x17, #FRAME_SCRATCH]
    stp     x10, x12, [x17, #FRAME_SCRATCH + 16]
    stp     x14, x15, [x17, #FRAME_SCRATCH + 32]
    ldp     x0, x1, [sp, #RECORD_SCRATCH]
    stp     x0, x1, [x17, #FRAME_SCRATCH + 48]
    str     x18, [x17, #FRAME_SCRATCH + 64]
    mrs     x8, sp_el0
    mrs     x9, elr_el1
    mrs     x10, spsr_el1
    mov     x11, #1
    stp     x8, x9, [x17, #FRAME_STACK]
    str     x10, [x17, #FRAME_STATE]
    str     x11, [x17, #FRAME_FULL]
    .endm

enter_interrupt:
    save_full
    mov     x0, sp
    mov     x29, xzr
    bl      kernel_interrupt
    b       resume

enter_fault:
    save_full
    mov     x0, sp
    mov     x29, xzr
    mrs     x1, esr_el1
    mrs     x2, far_el1
    lsr     x3, x1, #26
    cmp     x3, #0x07                       // ESR_EL1.EC: vector registers are closed
    b.eq    1f
    // FAR_EL1 speaks of this fault only after an abort or a misaligned counter; else it is somebody's older address.
    mov     x4, #0x39
    and     x4, x3, x4
    cmp     x4, #0x20
    csel    x2, x2, xzr, eq
    cmp     x3, #0x26                       // misaligned stack pointer
    csel    x2, xzr, x2, eq
    bl      kernel_fault
    b       resume
1:  bl      open_vectors
    b       resume

enter_failed:
    mrs     x0, elr_el1
    mrs     x1, esr_el1
    mrs     x2, far_el1
    adrp    x3, __failure_stack_end
    mov     sp, x3
    mov     x29, xzr
    bl      kernel_failed
1:  wfi
    b       1b

    .macro  clear_scratch
    .irp    register, 8, 9, 10, 12, 14, 15, 16, 17, 18
    mov     x\\register, xzr
    .endr
    .endm

    .macro  return_to_program
    eret
    dsb     nsh                             // nothing behind ERET is speculated: "Speculative execution" (B2)
    isb
    .endm

    // Behind a call: x0 is the frame whose words the program gets, 1 when the caller goes on, 0 when the selected frame
    // says everything.
leave_call:
    cmp     x0, #1
    ldr     x17, [sp]
    b.hi    resume_called
    b.lo    resume
    // What a called function keeps is as it was, and so are SP_EL0 and ELR_EL1.
    msr     spsr_el1, xzr
    mov     x0, x17
    ldp     x29, x30, [x17, #FRAME_KEPT + 80]
    load_answer
    clear_scratch
    return_to_program

    // Back to the program whose frame the record at the stack pointer names.
resume:
    ldr     x17, [sp]
    ldr     x16, [x17, #FRAME_FULL]
    mov     x0, x17
    cbnz    x16, 1f
resume_called:
    ldp     x8, x9, [x17, #FRAME_STACK]
    msr     sp_el0, x8
    msr     elr_el1, x9
    msr     spsr_el1, xzr
    load_kept
    load_answer
    clear_scratch
    return_to_program

1:  str     xzr, [x17, #FRAME_FULL]
    ldp     x8, x9, [x17, #FRAME_STACK]
    ldr     x10, [x17, #FRAME_STATE]
    msr     sp_el0, x8
    msr     elr_el1, x9
    msr     spsr_el1, x10
    load_kept
    load_answer
    ldp     x8, x9, [x17, #FRAME_SCRATCH]
    ldp     x10, x12, [x17, #FRAME_SCRATCH + 16]
    ldp     x14, x15, [x17, #FRAME_SCRATCH + 32]
    ldr     x18, [x17, #FRAME_SCRATCH + 64]
    ldp     x16, x17, [x17, #FRAME_SCRATCH + 48]
    return_to_program
    """)


@naked
@export
def enter(record: Ptr[CpuRecord]) -> None:
    """Ends the boot: the record becomes the stack pointer and its program runs. Does not return."""
    asm("""
    mov     sp, x0
    b       resume
    """)


@naked
@export
def semihosting_exit(block: u64) -> None:
    """Asks a debugger or an emulator to end the machine; returns when there is none. Semihosting: SYS_EXIT."""
    asm("""
    mov     x1, x0
    mov     x0, #0x18
semihosting_request:
    hlt     #0xf000
    ret
    """)


@naked
@export
def save_vectors(place: u64) -> None:
    """Writes the vector registers."""
    asm("""
    .arch_extension simd
    .irp    register, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    str     q\\register, [x0, #16 * \\register]
    .endr
    ret
    """)


@naked
@export
def exchange_vectors(result: u64, old: u64, new: u64, place: u64) -> u64:  # type: ignore[return]
    """Saves FPCR and FPSR at old, reads new ones and the vector registers. x0 stays as it is: the result."""
    asm("""
    .arch_extension fp
    .arch_extension simd
    mrs     x4, fpcr
    mrs     x5, fpsr
    stp     x4, x5, [x1]
    ldp     x6, x7, [x2]
    msr     fpsr, x7
    cmp     x4, x6
    b.eq    1f
    msr     fpcr, x6                        // some CPUs wait for every earlier operation here
1:
    ld1     {v0.2d, v1.2d, v2.2d, v3.2d}, [x3], #64
    ld1     {v4.2d, v5.2d, v6.2d, v7.2d}, [x3], #64
    ld1     {v8.2d, v9.2d, v10.2d, v11.2d}, [x3], #64
    ld1     {v12.2d, v13.2d, v14.2d, v15.2d}, [x3], #64
    ld1     {v16.2d, v17.2d, v18.2d, v19.2d}, [x3], #64
    ld1     {v20.2d, v21.2d, v22.2d, v23.2d}, [x3], #64
    ld1     {v24.2d, v25.2d, v26.2d, v27.2d}, [x3], #64
    ld1     {v28.2d, v29.2d, v30.2d, v31.2d}, [x3], #64
    ret
    """)
