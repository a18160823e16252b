"""The measured loops in 64-bit x86 instructions: nothing but the call and what counts its rounds."""

from __future__ import annotations

from typing import Final

from metal import asm, asm64, export, mmio_write32, naked, u64

UNSAFE: Final = True

TICK_INSTRUCTIONS: Final = 1
"""Instructions in one tick of the clock, when an instruction takes a nanosecond of the emulated machine."""
CLOCK_CHIP: Final = 0xFED0_0000
"""High-precision event timers (IA-PC HPET 1.0a), whose first alarm can be set to now."""
CLOCK_CHIP_LINE: Final = 20

CONFIGURATION: Final = 0x10
ALARM: Final = 0x100
ALARM_ON_LINE_20: Final = 20 << 9 | 1 << 2 | 1 << 1


def open_clock_chip(base: u64) -> None:
    """Lets its alarm interrupt: a level, at line 20."""
    mmio_write32(base + ALARM, ALARM_ON_LINE_20)
    mmio_write32(base + ALARM + 12, 0)
    mmio_write32(base + CONFIGURATION, 1)


def close_clock_chip(base: u64) -> None:
    """It interrupts no more."""
    mmio_write32(base + CONFIGURATION, 0)


def read_counter() -> u64:
    """Instructions executed until now."""
    return asm64("rdtsc\nshlq $32, %%rdx\norq %%rdx, %%rax\nmovq %%rax, %0", clobber="rax,rdx")


@naked
@export
def poll_rounds(handle: u64, rounds: u64) -> None:
    """POLL, again and again."""
    asm("""
    .irp    r, rbx,rbp,r12,r13,r14,r15
    pushq   %\\r
    .endr
    movq    %rsi, %rbp
    movq    %rdi, %r15
1:  movq    %r15, %rbx
    movl    $11, %eax
    syscall
    decq    %rbp
    jnz     1b
    .irp    r, r15,r14,r13,r12,rbp,rbx
    popq    %\\r
    .endr
    ret
    """)


@naked
@export
def call_rounds(handle: u64, rounds: u64) -> None:
    """CALL with eight words, whose status is looked at."""
    asm("""
    .irp    r, rbx,rbp,r12,r13,r14,r15
    pushq   %\\r
    .endr
    movq    %rsi, %rbp
    movq    %rdi, %r15
1:  movq    %r15, %rbx
    xorl    %eax, %eax
    syscall
    testq   %rbx, %rbx
    js      2f
    decq    %rbp
    jnz     1b
    .irp    r, r15,r14,r13,r12,rbp,rbx
    popq    %\\r
    .endr
    ret
2:  int3
    """)


@naked
@export
def long_call_rounds(handle: u64, rounds: u64) -> None:
    """The same with what the message page says beyond the eight words."""
    asm("""
    .irp    r, rbx,rbp,r12,r13,r14,r15
    pushq   %\\r
    .endr
    movq    %rsi, %rbp
    movq    %rdi, %r15
1:  movq    %r15, %rbx
    movl    $128, %eax
    syscall
    testq   %rbx, %rbx
    js      2f
    decq    %rbp
    jnz     1b
    .irp    r, r15,r14,r13,r12,rbp,rbx
    popq    %\\r
    .endr
    ret
2:  int3
    """)


@naked
@export
def vector_call_rounds(handle: u64, rounds: u64) -> None:
    """CALL by a program that uses its wide registers in every round."""
    asm("""
    .irp    r, rbx,rbp,r12,r13,r14,r15
    pushq   %\\r
    .endr
    movq    %rsi, %rbp
    movq    %rdi, %r15
1:  movq    %r15, %rbx
    xorl    %eax, %eax
    syscall
    testq   %rbx, %rbx
    js      2f
    pxor    %xmm0, %xmm0
    decq    %rbp
    jnz     1b
    .irp    r, r15,r14,r13,r12,rbp,rbx
    popq    %\\r
    .endr
    ret
2:  int3
    """)


@naked
@export
def serve(handle: u64) -> None:
    """REPLY_RECEIVE for ever."""
    asm("""
    movq    %rdi, %r15
    movq    %r15, %rbx
    movl    $3, %eax
    syscall
1:  movq    %r15, %rbx
    movl    $1, %eax
    syscall
    jmp     1b
    """)


@naked
@export
def serve_long(handle: u64) -> None:
    """REPLY_RECEIVE with the message page, for ever."""
    asm("""
    movq    %rdi, %r15
    movq    %r15, %rbx
    movl    $131, %eax
    syscall
1:  movq    %r15, %rbx
    movl    $129, %eax
    syscall
    jmp     1b
    """)


@naked
@export
def serve_vectors(handle: u64) -> None:
    """REPLY_RECEIVE for ever, by a server that uses its wide registers in every round."""
    asm("""
    movq    %rdi, %r15
    movq    %r15, %rbx
    movl    $3, %eax
    syscall
1:  pxor    %xmm0, %xmm0
    movq    %r15, %rbx
    movl    $1, %eax
    syscall
    jmp     1b
    """)


@naked
@export
def yield_rounds(rounds: u64, unused: u64) -> None:
    """YIELD, again and again."""
    asm("""
    .irp    r, rbx,rbp,r12,r13,r14,r15
    pushq   %\\r
    .endr
    movq    %rdi, %rbp
1:  movl    $12, %eax
    syscall
    decq    %rbp
    jnz     1b
    .irp    r, r15,r14,r13,r12,rbp,rbx
    popq    %\\r
    .endr
    ret
    """)


@naked
@export
def wait_and_note(place: u64) -> None:
    """Waits for a signal for ever; each time adds the instructions since the count at place + 0 to place + 8."""
    asm("""
    movq    %rdi, %r15
1:  movq    $-1, %r14
    movl    $9, %eax
    syscall
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    subq    (%r15), %rax
    addq    %rax, 8(%r15)
    cmpq    16(%r15), %rax
    cmovbq  16(%r15), %rax
    movq    %rax, 16(%r15)
    incq    24(%r15)
    jmp     1b
    """)


@naked
@export
def signal_rounds(handle: u64, rounds: u64, place: u64) -> None:
    """Notes the count, then SIGNAL."""
    asm("""
    .irp    r, rbx,rbp,r12,r13,r14,r15
    pushq   %\\r
    .endr
    movq    %rsi, %rbp
    movq    %rdi, %r15
    subq    $8, %rsp
    movq    %rdx, (%rsp)
1:  movl    $1, %edi
    movq    %r15, %rbx
    movq    (%rsp), %r8
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    movq    %rax, (%r8)
    movl    $10, %eax
    syscall
    decq    %rbp
    jnz     1b
    addq    $8, %rsp
    .irp    r, r15,r14,r13,r12,rbp,rbx
    popq    %\\r
    .endr
    ret
    """)


@naked
@export
def take_interrupts(place: u64, chip: u64, handle: u64) -> None:
    """A driver: waits, notes the latency as above, quiets the device, acknowledges."""
    asm("""
    movq    %rdi, %r15
    movq    %rsi, %rbp
    pushq   %rdx
1:  movq    $-1, %r14
    movl    $9, %eax
    syscall
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    subq    (%r15), %rax
    addq    %rax, 8(%r15)
    cmpq    16(%r15), %rax
    cmovbq  16(%r15), %rax
    movq    %rax, 16(%r15)
    incq    24(%r15)
    movl    $1, 0x20(%rbp)
    movq    (%rsp), %rbx
    movl    $46, %eax
    syscall
    jmp     1b
    """)


@naked
@export
def ring_rounds(place: u64, rounds: u64, chip: u64) -> None:
    """Notes the count, makes the device interrupt, and waits in a loop until its driver has noted it."""
    asm("""
    movq    %rdx, %r8
1:  movq    24(%rdi), %r9
    movl    0xf0(%r8), %r10d
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    movq    %rax, (%rdi)
    movl    %r10d, 0x108(%r8)
2:  cmpq    24(%rdi), %r9
    je      2b
    decq    %rsi
    jnz     1b
    ret
    """)


@naked
@export
def fault_for_ever(address: u64) -> None:
    """Reads where nothing is; whoever answers the fault lets it try again."""
    asm("""
1:  movq    (%rdi), %rax
    jmp     1b
    """)


@naked
@export
def answer_faults(handle: u64, rounds: u64, place: u64) -> None:
    """A handler that answers so many faults; the instructions between the first and the last go to place."""
    asm("""
    .irp    r, rbx,rbp,r12,r13,r14,r15
    pushq   %\\r
    .endr
    movq    %rsi, %rbp
    movq    %rdi, %r15
    pushq   %rdx
    movq    %r15, %rbx
    movl    $3, %eax
    syscall
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    pushq   %rax
1:  movq    %r15, %rbx
    movl    $1, %eax
    syscall
    decq    %rbp
    jnz     1b
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    popq    %rcx
    subq    %rcx, %rax
    popq    %rdx
    movq    %rax, (%rdx)
    .irp    r, r15,r14,r13,r12,rbp,rbx
    popq    %\\r
    .endr
    ret
    """)


@naked
@export
def map_rounds(space: u64, memory: u64, address: u64, rounds: u64, place: u64) -> None:
    """MAP and UNMAP of one page; adds the instructions of each, with its ten of set-up, to place + 0 and + 8."""
    asm("""
    .irp    r, rbx,rbp,r12,r13,r14,r15
    pushq   %\\r
    .endr
    subq    $40, %rsp
    movq    %rdi, (%rsp)
    movq    %rsi, 8(%rsp)
    movq    %rdx, 16(%rsp)
    movq    %r8, 24(%rsp)
    movq    %rcx, %rbp
1:  rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    movq    %rax, 32(%rsp)
    movq    (%rsp), %rbx
    movq    8(%rsp), %rdi
    xorl    %esi, %esi
    movq    16(%rsp), %rdx
    movl    $4096, %r8d
    movl    $3, %r9d
    movl    $28, %eax
    syscall
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    testq   %rbx, %rbx
    js      2f
    subq    32(%rsp), %rax
    movq    24(%rsp), %rcx
    addq    %rax, 0(%rcx)
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    movq    %rax, 32(%rsp)
    movq    (%rsp), %rbx
    movq    16(%rsp), %rdi
    movl    $29, %eax
    syscall
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    testq   %rbx, %rbx
    js      2f
    subq    32(%rsp), %rax
    movq    24(%rsp), %rcx
    addq    %rax, 8(%rcx)
    decq    %rbp
    jnz     1b
    addq    $40, %rsp
    .irp    r, r15,r14,r13,r12,rbp,rbx
    popq    %\\r
    .endr
    ret
2:  int3
    """)
