"""The way into the kernel and out of it: the call instruction, the table of vectors, and the frame they leave.

While a program runs, the hidden base of GS is the address of the CPU's record, whose first word names the frame of that
program, and the kernel's stack grows down below the record. An interrupt or a fault makes the CPU write five words at
RSP0, which is inside the frame, just where a frame keeps them. A call is a function call: it saves all but what that
may destroy, and of the wide registers only their controls. The offsets are those of `frame.py`; a test compares them.
Sections are those of the Intel manual's volume 3, "System Programming".
"""

from typing import Final

from kernel.arch.x86_64.frame import CpuRecord
from metal import Ptr, align, asm, export, naked, section

UNSAFE: Final = True

VECTORS: Final = 96
"""How many vectors there are."""

VECTOR_BYTES: Final = 16
"""From the entry of one vector to that of the next."""


@naked
@export
@align(16)
@section(".text.vectors")
def call_entry() -> None:
    """SYSCALL comes here, on the program's stack, with its next instruction in rcx and its flags in r11."""
    asm("""
    .equ    FRAME_HANDLE, 64
    .equ    FRAME_NUMBER, 72
    .equ    FRAME_OPERATION, 80
    .equ    FRAME_KEPT, 88
    .equ    FRAME_SCRATCH, 104
    .equ    FRAME_FULL, 120
    .equ    FRAME_CAUSE, 136
    .equ    FRAME_ERROR, 144
    .equ    FRAME_PC, 152
    .equ    FRAME_FLAGS, 168
    .equ    FRAME_STACK, 176
    .equ    FRAME_VECTORS, 208
    .equ    RECORD_FRAME, 0
    .equ    RECORD_ITSELF, 8
    .equ    RECORD_SCRATCH, 16
    .equ    RECORD_VECTOR, 24

    .macro  save register, offset
    movq    %\\register, \\offset(%rsp)
    .endm

    .macro  load register, offset
    movq    \\offset(%rsp), %\\register
    .endm

    .macro  short_frame do
    \\do    rdi, 0
    \\do    rsi, 8
    \\do    rdx, 16
    \\do    r8, 24
    \\do    r9, 32
    \\do    r10, 40
    \\do    r12, 48
    \\do    r13, 56
    \\do    rbx, FRAME_HANDLE
    \\do    r14, FRAME_NUMBER
    \\do    rax, FRAME_OPERATION
    \\do    rbp, FRAME_KEPT
    \\do    r15, FRAME_KEPT + 8
    .endm

    swapgs
    movq    %rsp, %gs:RECORD_SCRATCH
    movq    %gs:RECORD_FRAME, %rsp
    movq    %rcx, FRAME_PC(%rsp)
    movq    %gs:RECORD_SCRATCH, %rcx
    movq    %r11, FRAME_FLAGS(%rsp)
    movq    %rcx, FRAME_STACK(%rsp)
    short_frame save
    fnstcw  FRAME_VECTORS(%rsp)
    stmxcsr FRAME_VECTORS + 24(%rsp)
    movq    %gs:RECORD_ITSELF, %rsp
    movq    %rsp, %rdi
    movq    %rax, %rsi
    xorl    %ebp, %ebp
    call    kernel_call

    # Back to the program whose frame the record at the stack pointer names.
resume:
    movq    RECORD_FRAME(%rsp), %rsp
    cmpq    $0, FRAME_FULL(%rsp)
    jne     1f
    movq    FRAME_PC(%rsp), %rcx
    movq    FRAME_FLAGS(%rsp), %r11
    short_frame load
    movq    FRAME_STACK(%rsp), %rsp
    swapgs
    sysretq

1:  movq    $0, FRAME_FULL(%rsp)
    movq    FRAME_SCRATCH(%rsp), %rcx
    movq    FRAME_SCRATCH + 8(%rsp), %r11
    short_frame load
    addq    $FRAME_PC, %rsp
    swapgs
    iretq

    # Every vector comes here, with its number and an error, or zero, above what the CPU wrote.
enter_vector:
    testb   $3, FRAME_PC - FRAME_CAUSE + 8(%rsp)
    jz      enter_from_kernel
    swapgs
    subq    $FRAME_CAUSE, %rsp
    short_frame save
    movq    %rcx, FRAME_SCRATCH(%rsp)
    movq    %r11, FRAME_SCRATCH + 8(%rsp)
    fxsave64 FRAME_VECTORS(%rsp)
    movq    $1, FRAME_FULL(%rsp)
    movq    FRAME_CAUSE(%rsp), %rsi
    movq    FRAME_ERROR(%rsp), %rax
    cmpl    $3, %esi                # a breakpoint is told of behind its one byte
    jne     2f
    decq    FRAME_PC(%rsp)
2:  movq    %gs:RECORD_ITSELF, %rsp
    pushq   $2                      # the program's flags are not the kernel's: direction, alignment, access
    popfq
    movq    %rsp, %rdi
    xorl    %ebp, %ebp
    cmpl    $32, %esi
    jb      3f
    movq    %rsi, %gs:RECORD_VECTOR
    call    kernel_interrupt
    jmp     resume

3:  xorl    %edx, %edx
    cmpl    $14, %esi               # only a page fault has an address
    jne     4f
    movq    %cr2, %rdx
4:  shll    $8, %eax
    orl     %eax, %esi
    call    kernel_fault
    jmp     resume

    # The kernel takes interrupts while it waits, one at a time; whatever else arrives is a failure of the kernel.
enter_from_kernel:
    cmpq    $32, (%rsp)
    jb      enter_failed
    pushq   %rax
    movq    8(%rsp), %rax
    movq    %rax, %gs:RECORD_VECTOR
    popq    %rax
    addq    $16, %rsp
    andq    $~0x200, 16(%rsp)       # it goes on with interrupts masked
    iretq

enter_failed:
    movl    $0xc0000101, %ecx       # the base of GS: a record's address is high, a program's is not
    rdmsr
    testl   %edx, %edx
    js      5f
    swapgs
5:  movq    (%rsp), %rsi
    movq    FRAME_PC - FRAME_CAUSE(%rsp), %rdi
    xorl    %edx, %edx
    cmpl    $3, %esi
    jne     6f
    decq    %rdi
6:  cmpl    $14, %esi
    jne     7f
    movq    %cr2, %rdx
7:  leaq    __failure_stack_end(%rip), %rsp
    pushq   $2
    popfq
    xorl    %ebp, %ebp
    call    kernel_failed
8:  hlt
    jmp     8b
    """)


@naked
@export
@align(16)
@section(".text.vectors")
def vector_entries() -> None:
    """The entries of the vectors, `VECTOR_BYTES` apart: some push an error ("Error Code", 6.13), the others a zero.

    What may arrive at any moment, whoever runs, comes on a stack of its own and is always a failure: a non-maskable
    interrupt (2), a double fault (8), a machine check (18).
    """
    asm("""
    .altmacro
    .macro  vector number
    .balign 16
    .if     (\\number < 32) && ((1 << \\number) & 0x60227d00)     # 8, 10 to 14, 17, 21, 29, 30
    .else
    pushq   $0
    .endif
    pushq   $\\number
    .if     (\\number == 2) || (\\number == 8) || (\\number == 18)
    jmp     enter_failed
    .else
    jmp     enter_vector
    .endif
    .endm

    .set    next, 0
    .rept   96
    vector  %next
    .set    next, next + 1
    .endr
    .noaltmacro
    """)


@naked
@export
def enter(record: Ptr[CpuRecord]) -> None:
    """Ends the boot: the record becomes the stack pointer and its program runs. Does not return."""
    asm("""
    movq    %rdi, %rsp
    jmp     resume
    """)
