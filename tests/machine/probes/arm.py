"""Probes in 64-bit ARM instructions on every board: registers seeded with patterns, every forbidden instruction."""

from __future__ import annotations

from typing import Final

from abi.kernel import Fault
from metal import addr_of, asm, asm64, export, naked, struct, u64

__all__ = [
    "ANSWER_BYTES",
    "ATTEMPTS",
    "FAULTS_ON_EXECUTION",
    "FAULTS_ON_MISALIGNMENT",
    "FAULT_BEYOND_TABLES",
    "GUARDS_KERNEL",
    "KERNEL_TEXT",
    "MEETS_DEADLINES",
    "PAGE",
    "SCRATCH_PORTS",
    "answer",
    "attempt",
    "call_at",
    "check_vectors",
    "dirty_after_call",
    "dirty_without_call",
    "fill_vectors",
    "has_bell",
    "jump_to",
    "measure_dirty_after_exchange",
    "measure_foreign_vectors", "measure_kept_over_switch",
    "misaligned",
    "poison_and_serve",
    "report_fresh_registers",
    "rest",
    "set_flags_and_pointer",
]  # fmt: skip

UNSAFE: Final = True


@struct
class Found:
    """Where the probes leave what they found."""

    value: u64 = 0


found: Found = Found()

PAGE: Final = 4096
SCRATCH_PORTS: Final = 0
FAULT_BEYOND_TABLES: Final = Fault.READ
"""How a read ends at an address that is wider than what page tables translate."""
FAULTS_ON_EXECUTION: Final = True
FAULTS_ON_MISALIGNMENT: Final = True
GUARDS_KERNEL: Final = True
MEETS_DEADLINES: Final = True
KERNEL_TEXT: Final = 0xFFFF_0000_4020_0000


def has_bell(base: u64) -> bool:
    """Every machine of the family has one."""
    return True


@naked
@export
def measure_dirty_after_call(handle: u64, place: u64) -> None:
    """Polls a notification with a pattern in every register that a call may destroy; what is left of them, ORed."""
    asm("""
    str     x1, [sp, #-16]!
    mov     x11, x0
    movz    x8, #0xa5a5, lsl #48
    mov     x9, x8
    mov     x10, x8
    mov     x12, x8
    mov     x14, x8
    mov     x15, x8
    mov     x16, x8
    mov     x17, x8
    mov     x18, x8
    cmp     xzr, xzr
    svc     #11
    cset    x0, eq
    orr     x0, x0, x8
    orr     x0, x0, x9
    orr     x0, x0, x10
    orr     x0, x0, x12
    orr     x0, x0, x14
    orr     x0, x0, x15
    orr     x0, x0, x16
    orr     x0, x0, x17
    orr     x0, x0, x18
    ldr     x1, [sp], #16
    str     x0, [x1]
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
    str     x1, [sp, #-16]!
    movz    x8, #0xa5a5, lsl #48
    mov     x9, x8
    mov     x10, x8
    cmp     xzr, xzr
    cset    x0, eq
    orr     x0, x0, x8
    orr     x0, x0, x9
    orr     x0, x0, x10
    ldr     x1, [sp], #16
    str     x0, [x1]
    ret
    """)


def dirty_without_call(handle: u64) -> u64:
    """The negative control: the same, but nobody cleans in between, so the pattern must be seen."""
    measure_dirty_without_call(handle, addr_of(found))
    return found.value


@naked
@export
def measure_kept_over_switch(seed: u64, place: u64) -> None:
    """Puts a number of its own into every register that a call keeps, yields, and leaves at place what changed."""
    asm("""
    stp     x29, x30, [sp, #-112]!
    stp     x27, x28, [sp, #16]
    stp     x25, x26, [sp, #32]
    stp     x23, x24, [sp, #48]
    stp     x21, x22, [sp, #64]
    stp     x19, x20, [sp, #80]
    stp     x0, x1, [sp, #96]
    .irp    r, 19,20,21,22,23,24,25,26,27,28,29,30
    add     x\\r, x0, #\\r
    .endr
    svc     #12
    mov     x2, xzr
    ldp     x0, x1, [sp, #96]
    .irp    r, 19,20,21,22,23,24,25,26,27,28,29,30
    sub     x\\r, x\\r, #\\r
    eor     x\\r, x\\r, x0
    orr     x2, x2, x\\r
    .endr
    str     x2, [x1]
    ldp     x19, x20, [sp, #80]
    ldp     x21, x22, [sp, #64]
    ldp     x23, x24, [sp, #48]
    ldp     x25, x26, [sp, #32]
    ldp     x27, x28, [sp, #16]
    ldp     x29, x30, [sp], #112
    ret
    """)


@naked
@export
def fill_vectors(seed: u64) -> None:
    """Puts a number of its own into both halves of every vector register, and one into their control."""
    asm("""
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    dup     v\\r\\().2d, x0
    add     x0, x0, #1
    .endr
    mov     x1, #0x400000
    msr     fpcr, x1
    ret
    """)


@naked
@export
def measure_check_vectors(seed: u64, place: u64) -> None:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    asm("""
    str     x1, [sp, #-16]!
    mov     x3, xzr
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    umov    x1, v\\r\\().d[0]
    umov    x2, v\\r\\().d[1]
    eor     x1, x1, x0
    eor     x2, x2, x0
    orr     x3, x3, x1
    orr     x3, x3, x2
    add     x0, x0, #1
    .endr
    mrs     x1, fpcr
    eor     x1, x1, #0x400000
    orr     x0, x3, x1
    ldr     x1, [sp], #16
    str     x0, [x1]
    ret
    """)


@naked
@export
def measure_foreign_vectors(seed: u64, place: u64) -> None:
    """What is in the registers and was neither left by `fill_vectors` nor zero; and whether the control changed.

    A call may destroy every vector register.
    """
    asm("""
    mov     x3, xzr
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    umov    x4, v\\r\\().d[0]
    umov    x5, v\\r\\().d[1]
    cmp     x4, x0
    csel    x4, xzr, x4, eq
    cmp     x5, x0
    csel    x5, xzr, x5, eq
    orr     x3, x3, x4
    orr     x3, x3, x5
    add     x0, x0, #1
    .endr
    mrs     x4, fpcr
    eor     x4, x4, #0x400000
    orr     x3, x3, x4
    str     x3, [x1]
    ret
    """)


def check_vectors(seed: u64) -> u64:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    measure_check_vectors(seed, addr_of(found))
    return found.value


@naked
@export
def report_fresh_registers(place: u64) -> None:
    """How a new thread finds its registers: general, vector and state ones, each ORed; then it waits for ever."""
    asm("""
    orr     x1, x1, x2
    orr     x1, x1, x3
    orr     x1, x1, x4
    orr     x1, x1, x5
    orr     x1, x1, x6
    orr     x1, x1, x7
    orr     x1, x1, x8
    orr     x1, x1, x9
    orr     x1, x1, x10
    orr     x1, x1, x11
    orr     x1, x1, x12
    orr     x1, x1, x13
    orr     x1, x1, x14
    orr     x1, x1, x15
    orr     x1, x1, x16
    orr     x1, x1, x17
    orr     x1, x1, x18
    orr     x1, x1, x19
    orr     x1, x1, x20
    orr     x1, x1, x21
    orr     x1, x1, x22
    orr     x1, x1, x23
    orr     x1, x1, x24
    orr     x1, x1, x25
    orr     x1, x1, x26
    orr     x1, x1, x27
    orr     x1, x1, x28
    orr     x1, x1, x29
    orr     x1, x1, x30
    str     x1, [x0]
    mov     x1, xzr
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    umov    x2, v\\r\\().d[0]
    umov    x3, v\\r\\().d[1]
    orr     x1, x1, x2
    orr     x1, x1, x3
    .endr
    str     x1, [x0, #8]
    mrs     x1, fpcr
    mrs     x2, fpsr
    mrs     x3, nzcv
    mrs     x4, tpidr_el0
    mrs     x5, tpidrro_el0
    orr     x1, x1, x2
    orr     x1, x1, x3
    orr     x1, x1, x4
    orr     x1, x1, x5
    str     x1, [x0, #16]
    mov     x1, #1
    str     x1, [x0, #24]
1:  mov     x13, #-1
    mov     x11, xzr
    svc     #9
    b       1b
    """)


@naked
@export
def poison_and_serve(handle: u64) -> None:
    """A server that answers every call with patterns in all the registers that are not part of the message."""
    asm("""
    mov     x20, x0
    mov     x11, x20
    svc     #3
1:  movz    x8, #0xa5a5, lsl #48
    .irp    r, 9,10,12,14,15,16,17,18,19,21,22,23,24,25,26,27,28,29,30
    mov     x\\r, x8
    .endr
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    dup     v\\r\\().2d, x8
    .endr
    msr     tpidr_el0, x8
    cmp     xzr, xzr
    mov     x11, x20
    svc     #1
    b       1b
    """)


@naked
@export
def measure_dirty_after_exchange(handle: u64, place: u64) -> None:
    """Calls a server; leaves at place what is in the registers that are no part of a message, vector registers too."""
    asm("""
    stp     x29, x30, [sp, #-32]!
    stp     x0, x1, [sp, #16]
    mov     x0, #0x5000
    bl      fill_vectors
    ldr     x11, [sp, #16]
    svc     #0
    cset    x0, eq
    .irp    r, 8,9,10,12,14,15,16,17,18
    orr     x0, x0, x\\r
    .endr
    mrs     x9, tpidr_el0
    orr     x0, x0, x9
    ldr     x1, [sp, #24]
    str     x0, [x1]
    mov     x0, #0x5000
    add     x1, x1, #8
    bl      measure_foreign_vectors
    ldp     x29, x30, [sp], #32
    ret
    """)


def set_flags_and_pointer() -> None:
    """Leaves marks in what a careless kernel would hand to the next thread."""
    asm("msr tpidr_el0, %0\nmsr nzcv, %0", 0xF000_0000)


def jump_to(address: u64) -> None:
    """Executes whatever stands at an address."""
    asm("blr %0", address, clobber="x30")


def call_at(address: u64) -> u64:
    """Calls a function at an address; its result."""
    return asm64("blr %1\nmov %0, x0", address, clobber="x0,x30")


@naked
@export
def answer() -> None:
    """A function so small that it can be copied: two instructions that give 42."""
    asm("""
    mov     x0, #42
    ret
    """)


ANSWER_BYTES: Final = 8

ATTEMPTS: Final = 14
"""How many instructions there are that no program may use."""


def attempt(index: u64) -> None:
    """One of them; whoever comes back was not stopped."""
    if index == 0:
        asm("mrs x9, ttbr0_el1", clobber="x9")
    elif index == 1:
        asm("msr ttbr0_el1, xzr")
    elif index == 2:
        asm("msr daifset, #15")
    elif index == 3:
        asm("tlbi vmalle1")
    elif index == 4:
        asm("dc ivac, %0", 0x40_0000)
    elif index == 5:
        asm("mrs x9, pmccntr_el0", clobber="x9")
    elif index == 6:
        asm("mrs x9, cntvct_el0", clobber="x9")
    elif index == 7:
        asm("mrs x9, cntv_ctl_el0", clobber="x9")
    elif index == 8:
        asm("hvc #0")
    elif index == 9:
        asm("smc #0")
    elif index == 10:
        # Asks an emulator to end the machine: not for programs.
        asm("mov x1, %0\nmov x0, #0x18\nhlt #0xf000", 0, clobber="x0,x1")
    elif index == 11:
        asm(".word 0")
    elif index == 12:
        asm("eret")
    else:
        asm("mrs x9, s3_0_c12_c12_0", clobber="x9")


def misaligned() -> None:
    """An exclusive access that no alignment rule allows."""
    asm("mov x9, sp\nadd x9, x9, #1\nldxr x9, [x9]", clobber="x9")


def rest() -> None:
    """One turn of a loop that does nothing."""
    asm("yield")
