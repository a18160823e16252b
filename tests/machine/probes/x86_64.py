"""Probes in 64-bit x86 instructions: registers seeded with patterns, and every forbidden instruction."""

from __future__ import annotations

from typing import Final

from abi.kernel import Fault
from metal import addr_of, asm, asm64, export, mmio_read32, mmio_write32, naked, struct, u64

UNSAFE: Final = True


@struct
class Found:
    """Where the probes leave what they found."""

    value: u64 = 0


found: Found = Found()

PAGE: Final = 4096
SCRATCH_PORTS: Final = 0x70
"""The ports of the real-time clock's memory: the number of a byte, then the byte."""
FAULT_BEYOND_TABLES: Final = Fault.INSTRUCTION
"""How a read ends at an address that is wider than what page tables translate: a general protection fault."""
FAULTS_ON_EXECUTION: Final = True
FAULTS_ON_MISALIGNMENT: Final = False
GUARDS_KERNEL: Final = True
MEETS_DEADLINES: Final = True
BELL_BASE: Final = 0xFED0_0000
"""High-precision event timers (IA-PC HPET 1.0a), of which one is an alarm clock with an interrupt."""
BELL_LINE: Final = 20
CONFIGURATION: Final = 0x10
STATUS: Final = 0x20
TIMER_LINE: Final = 2001
MEMORY_BASE: Final = 0x20_0000
KERNEL_TEXT: Final = 0xFFFF_8000_0020_0000

ALARM: Final = 0x100
ALARM_LEVEL: Final = 1 << 1
ALARM_ENABLE: Final = 1 << 2
ALARM_LINE_SHIFT: Final = 9
ALARM_TIME: Final = 0x108
COUNTER: Final = 0xF0
SOON: Final = 1000


def has_bell(base: u64) -> bool:
    """Whether the machine has such timers: the first word is their name, and nobody answers where there are none."""
    name = mmio_read32(base)
    return name != 0 and name != 0xFFFF_FFFF


def open_bell(base: u64) -> None:
    """Lets the counter run."""
    mmio_write32(base + CONFIGURATION, 1)


def ring_bell(base: u64) -> None:
    """Sets the first timer's alarm to a time that comes soon."""
    mmio_write32(base + ALARM, ALARM_LEVEL | ALARM_ENABLE | BELL_LINE << ALARM_LINE_SHIFT)
    mmio_write32(base + ALARM_TIME + 4, 0)
    mmio_write32(base + ALARM_TIME, mmio_read32(base + COUNTER) + SOON)


def silence_bell(base: u64) -> None:
    """Takes its interrupt back."""
    mmio_write32(base + STATUS, 1)


def close_bell(base: u64) -> None:
    """It interrupts no more."""
    mmio_write32(base + CONFIGURATION, 0)


def read_counter() -> u64:
    """Instructions executed so far, in a build that opens the counter."""
    return asm64("rdtsc\nshlq $32, %%rdx\nmovl %%eax, %%eax\norq %%rdx, %%rax\nmovq %%rax, %0", clobber="rax,rdx")


@naked
@export
def measure_dirty_after_call(handle: u64, place: u64) -> None:
    """Polls a notification with a pattern in every register that a call may destroy; what is left of them, ORed.

    The call instruction itself leaves there the address behind it and the flags.
    """
    asm("""
    pushq   %rbx
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %rsi
    movq    %rdi, %rbx
    movabsq $0xa5a5000000000000, %rcx
    movq    %rcx, %r11
    movl    $11, %eax
    syscall
1:  pushfq
    popq    %rdx
    xorq    %rdx, %r11
    leaq    1b(%rip), %rdx
    xorq    %rdx, %rcx
    orq     %rcx, %r11
    popq    %rsi
    movq    %r11, (%rsi)
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbx
    ret
    """)


def dirty_after_call(handle: u64) -> u64:
    """Polls a notification with a pattern in every register that a call may destroy; what is left of them, ORed."""
    measure_dirty_after_call(handle, addr_of(found))
    return found.value


@naked
@export
def measure_dirty_without_call(handle: u64, place: u64) -> None:
    """The negative control: the same, but nobody cleans in between, so the pattern must be seen."""
    asm("""
    movabsq $0xa5a5000000000000, %rcx
    movq    %rcx, %r11
    pushfq
    popq    %rdx
    xorq    %rdx, %r11
    orq     %rcx, %r11
    movq    %r11, (%rsi)
    ret
    """)


def dirty_without_call(handle: u64) -> u64:
    """The negative control: the same, but nobody cleans in between, so the pattern must be seen."""
    measure_dirty_without_call(handle, addr_of(found))
    return found.value


@naked
@export
def measure_kept_over_switch(seed: u64, place: u64) -> None:
    """Puts a number of its own into every register that a call keeps, yields, and leaves at place what changed.

    The controls of the wide registers are among them: each seed rounds in a way of its own.
    """
    asm("""
    pushq   %rbx
    pushq   %rbp
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %r15
    pushq   %rsi
    pushq   %rdi
    subq    $16, %rsp
    movq    %rdi, %rax
    shrq    $16, %rax
    andl    $3, %eax
    shll    $10, %eax
    orl     $0x37f, %eax
    movw    %ax, (%rsp)
    andl    $0xc00, %eax
    shll    $3, %eax
    orl     $0x1f80, %eax
    movl    %eax, 4(%rsp)
    fldcw   (%rsp)
    ldmxcsr 4(%rsp)
    leaq    5(%rdi), %rbp
    leaq    15(%rdi), %r15
    xorl    %ebx, %ebx
    movl    $12, %eax
    syscall
    xorq    $12, %rax
    movq    16(%rsp), %rdi
    movq    24(%rsp), %rsi
    subq    $5, %rbp
    xorq    %rdi, %rbp
    orq     %rbp, %rax
    subq    $15, %r15
    xorq    %rdi, %r15
    orq     %r15, %rax
    fnstcw  8(%rsp)
    stmxcsr 12(%rsp)
    movw    8(%rsp), %cx
    xorw    (%rsp), %cx
    movzwl  %cx, %ecx
    orq     %rcx, %rax
    movl    12(%rsp), %ecx
    xorl    4(%rsp), %ecx
    orq     %rcx, %rax
    movq    %rax, (%rsi)
    addq    $32, %rsp
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbp
    popq    %rbx
    ret
    """)


@naked
@export
def fill_vectors(seed: u64) -> None:
    """Puts a number of its own into every SSE and MMX register, and one into the controls of SSE."""
    asm("""
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movq    %rdi, %xmm\\r
    punpcklqdq %xmm\\r, %xmm\\r
    incq    %rdi
    .endr
    .irp    r, 0,1,2,3,4,5,6,7
    movq    %rdi, %mm\\r
    incq    %rdi
    .endr
    movl    $0x7f80, -4(%rsp)
    ldmxcsr -4(%rsp)
    ret
    """)


@naked
@export
def measure_check_vectors(seed: u64, place: u64) -> None:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    asm("""
    xorl    %eax, %eax
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movq    %xmm\\r, %rcx
    xorq    %rdi, %rcx
    orq     %rcx, %rax
    movhlps %xmm\\r, %xmm\\r
    movq    %xmm\\r, %rcx
    xorq    %rdi, %rcx
    orq     %rcx, %rax
    incq    %rdi
    .endr
    .irp    r, 0,1,2,3,4,5,6,7
    movq    %mm\\r, %rcx
    xorq    %rdi, %rcx
    orq     %rcx, %rax
    incq    %rdi
    .endr
    stmxcsr -4(%rsp)
    movl    -4(%rsp), %ecx
    xorl    $0x7f80, %ecx
    orq     %rcx, %rax
    movq    %rax, (%rsi)
    ret
    """)


def check_vectors(seed: u64) -> u64:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    measure_check_vectors(seed, addr_of(found))
    return found.value


@naked
@export
def report_fresh_registers(place: u64) -> None:
    """How a new thread finds its registers: general, wide and state ones, each ORed; then it waits."""
    asm("""
    pushfq
    .irp    r, rbx,rcx,rdx,rsi,rbp,r8,r9,r10,r11,r12,r13,r14,r15
    orq     %\\r, %rax
    .endr
    movq    %rax, (%rdi)
    xorl    %eax, %eax
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movq    %xmm\\r, %rcx
    orq     %rcx, %rax
    movhlps %xmm\\r, %xmm\\r
    movq    %xmm\\r, %rcx
    orq     %rcx, %rax
    .endr
    fnstcw  -16(%rsp)
    stmxcsr -12(%rsp)
    .irp    r, 0,1,2,3,4,5,6,7
    movq    %mm\\r, %rcx
    orq     %rcx, %rax
    .endr
    movq    %rax, 8(%rdi)
    movzwl  -16(%rsp), %eax
    xorl    $0x37f, %eax
    movl    -12(%rsp), %ecx
    xorl    $0x1f80, %ecx
    orl     %ecx, %eax
    .irp    r, ds,es,fs,gs
    movl    %\\r, %ecx
    orl     %ecx, %eax
    .endr
    popq    %rcx
    andq    $~0x202, %rcx
    orq     %rcx, %rax
    movq    %rax, 16(%rdi)
    movq    $1, 24(%rdi)
1:  movq    $-1, %r14
    xorl    %ebx, %ebx
    movl    $9, %eax
    syscall
    jmp     1b
    """)


@naked
@export
def poison_and_serve(handle: u64) -> None:
    """A server that answers every call with patterns in all the registers that are not part of the message."""
    asm("""
    movq    %rdi, %r15
    movq    %r15, %rbx
    movl    $3, %eax
    syscall
    movabsq $0xa5a5000000000000, %rbp
1:  .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movq    %rbp, %xmm\\r
    punpcklqdq %xmm\\r, %xmm\\r
    .endr
    .irp    r, 0,1,2,3,4,5,6,7
    movq    %rbp, %mm\\r
    .endr
    movl    $0x5f80, -4(%rsp)
    ldmxcsr -4(%rsp)
    movw    $0xb7f, -4(%rsp)
    fldcw   -4(%rsp)
    movl    $0x1b, %eax
    movl    %eax, %ds
    movl    %eax, %es
    pushq   $0x204000               # nested task, identification
    popfq
    movq    %rbp, %rcx
    movq    %rbp, %r11
    movq    %r15, %rbx
    movl    $1, %eax
    syscall
    jmp     1b
    """)


@naked
@export
def measure_dirty_after_exchange(handle: u64, place: u64) -> None:
    """Calls a server; leaves at place what is in the registers that are no part of a message, and in the wide ones.

    A call may destroy the contents of these, but the server's pattern must not be there, and their controls are kept.
    """
    asm("""
    pushq   %rbx
    pushq   %rbp
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %r15
    pushq   %rsi
    pushq   %rdi
    movl    $0x5000, %edi
    call    fill_vectors
    popq    %rbx
    movq    $0x5000, %r15
    movq    %r15, %rbp
    xorl    %eax, %eax
    syscall
1:  xorq    $0x5000, %r15
    xorq    $0x5000, %rbp
    orq     %r15, %rax
    orq     %rbp, %rax
    pushfq
    popq    %rdx
    xorq    %rdx, %r11
    andq    $~0x8d5, %r11           # arithmetic has changed these
    orq     %r11, %rax
    leaq    1b(%rip), %rdx
    xorq    %rdx, %rcx
    orq     %rcx, %rax
    movl    %ds, %ecx
    orq     %rcx, %rax
    movl    %es, %ecx
    orq     %rcx, %rax
    popq    %rsi
    movq    %rax, (%rsi)
    movabsq $0xa5a5000000000000, %rdx
    xorl    %eax, %eax
    fnstcw  -4(%rsp)
    xorw    $0x37f, -4(%rsp)
    orw     -4(%rsp), %ax
    stmxcsr -4(%rsp)
    xorl    $0x7f80, -4(%rsp)
    orl     -4(%rsp), %eax
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movq    %xmm\\r, %rcx
    cmpq    %rdx, %rcx
    je      2f
    movhlps %xmm\\r, %xmm\\r
    movq    %xmm\\r, %rcx
    cmpq    %rdx, %rcx
    je      2f
    .endr
    .irp    r, 0,1,2,3,4,5,6,7
    movq    %mm\\r, %rcx
    cmpq    %rdx, %rcx
    je      2f
    .endr
    jmp     3f
2:  orq     %rdx, %rax
3:  movq    %rax, 8(%rsi)
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbp
    popq    %rbx
    ret
    """)


def set_flags_and_pointer() -> None:
    """Leaves marks in what a careless kernel would hand to the next thread: flags, selectors."""
    asm("""
    pushq   $0x204000
    popfq
    movl    $0x1b, %%eax
    movl    %%eax, %%ds
    movl    %%eax, %%es
    movl    %%eax, %%fs
    movl    %%eax, %%gs
    """, clobber="rax,cc")  # fmt: skip


def jump_to(address: u64) -> None:
    """Executes whatever stands at an address."""
    asm("call *%0", address, clobber="rax,rcx,rdx,rsi,rdi,r8,r9,r10,r11,cc")


def call_at(address: u64) -> u64:
    """Calls a function at an address; its result."""
    return asm64("call *%1\nmovq %%rax, %0", address, clobber="rax,rcx,rdx,rsi,rdi,r8,r9,r10,r11,cc")


@naked
@export
def answer() -> None:
    """A function so small that it can be copied: it gives 42."""
    asm("""
    movl    $42, %eax
    ret
    nop
    nop
    """)


ANSWER_BYTES: Final = 8

ATTEMPTS: Final = 20
"""How many instructions there are that no program may use."""


def attempt(index: u64) -> None:
    """One of them; whoever comes back was not stopped."""
    if index == 0:
        asm("movq %%cr3, %%rax", clobber="rax")
    elif index == 1:
        asm("xorl %%eax, %%eax\nmovq %%rax, %%cr3", clobber="rax")
    elif index == 2:
        asm("cli")
    elif index == 3:
        asm("hlt")
    elif index == 4:
        asm("invlpg (%%rsp)")
    elif index == 5:
        asm("movl $0xc0000100, %%ecx\nrdmsr", clobber="rax,rcx,rdx")
    elif index == 6:
        asm("movl $0xc0000102, %%ecx\nwrmsr", clobber="rcx")
    elif index == 7:
        asm("inb $0x60, %%al", clobber="rax")
    elif index == 8:
        asm("outb %%al, $0x80")
    elif index == 9:
        asm("lidt -16(%%rsp)")
    elif index == 10:
        asm("sidt -16(%%rsp)")
    elif index == 11:
        asm("sgdt -16(%%rsp)")
    elif index == 12:
        asm("smsw %%eax", clobber="rax")
    elif index == 13:
        asm("rdtsc", clobber="rax,rdx")
    elif index == 14:
        asm("swapgs")
    elif index == 15:
        asm("wrfsbase %%rax")
    elif index == 16:
        asm("rdgsbase %%rax", clobber="rax")
    elif index == 17:
        asm("ud2")
    elif index == 18:
        asm("int $0x80")
    else:
        asm("sysretq")


def misaligned() -> None:
    """An access that is not aligned, by a program that asked to be stopped for it."""
    asm("pushfq\norq $0x40000, (%%rsp)\npopfq\nmovl 1(%%rsp), %%eax", clobber="rax,cc")


def rest() -> None:
    """One turn of a loop that does nothing."""
    asm("pause")
