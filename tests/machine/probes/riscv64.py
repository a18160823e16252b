"""Probes in 64-bit RISC-V instructions: registers seeded with patterns, and every forbidden instruction."""

from __future__ import annotations

from typing import Final

from abi.kernel import Fault
from metal import addr_of, asm, asm64, export, mmio_write32, naked, struct, u64

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
BELL_BASE: Final = 0x10_1000
"""Goldfish RTC, a clock with an alarm: a device whose interrupt the suite can ask for."""
BELL_ENABLE: Final = 0x10
BELL_CLEAR: Final = 0x1C
BELL_LINE: Final = 11
TIMER_LINE: Final = 2005
MEMORY_BASE: Final = 0x8000_0000
KERNEL_TEXT: Final = 0xFFFF_FFC0_8020_0000


def has_bell(base: u64) -> bool:
    """Every machine of the family has one."""
    return True


def open_bell(base: u64) -> None:
    """Lets the clock interrupt."""
    mmio_write32(base + BELL_ENABLE, 1)


def ring_bell(base: u64) -> None:
    """Sets the clock's alarm to a time that is past: the high half first, the low half arms it."""
    mmio_write32(base + 0x0C, 0)
    mmio_write32(base + 0x08, 1)


def silence_bell(base: u64) -> None:
    """Takes its interrupt back."""
    mmio_write32(base + BELL_CLEAR, 1)


def close_bell(base: u64) -> None:
    """It interrupts no more."""
    mmio_write32(base + BELL_ENABLE, 0)


def read_counter() -> u64:
    """Instructions executed so far, in a build that opens the counter."""
    return asm64("rdinstret %0")


@naked
@export
def measure_dirty_after_call(handle: u64, place: u64) -> None:
    """Polls a notification with a pattern in every register that a call may destroy; what is left of them, ORed."""
    asm("""
    addi    sp, sp, -16
    sd      a1, 0(sp)
    mv      t0, a0
    li      t3, 0xa5a5000000000000
    mv      t4, t3
    mv      t5, t3
    mv      t6, t3
    li      t2, 11
    ecall
    or      a0, t3, t4
    or      a0, a0, t5
    or      a0, a0, t6
    ld      a1, 0(sp)
    addi    sp, sp, 16
    sd      a0, 0(a1)
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
    li      t3, 0xa5a5000000000000
    mv      t4, t3
    mv      t5, t3
    or      a0, t3, t4
    or      a0, a0, t5
    sd      a0, 0(a1)
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
    addi    sp, sp, -144
    sd      ra, 0(sp)
    sd      gp, 8(sp)
    sd      tp, 16(sp)
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11
    sd      s\\r, 24 + 8 * \\r(sp)
    .endr
    sd      a0, 120(sp)
    sd      a1, 128(sp)
    .irp    r, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
    addi    x\\r, a0, \\r
    .endr
    li      t2, 12
    ecall
    li      a2, 0
    ld      a0, 120(sp)
    ld      a1, 128(sp)
    .irp    r, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
    addi    x\\r, x\\r, -\\r
    xor     x\\r, x\\r, a0
    or      a2, a2, x\\r
    .endr
    sd      a2, 0(a1)
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11
    ld      s\\r, 24 + 8 * \\r(sp)
    .endr
    ld      ra, 0(sp)
    ld      gp, 8(sp)
    ld      tp, 16(sp)
    addi    sp, sp, 144
    ret
    """)


@naked
@export
def fill_vectors(seed: u64) -> None:
    """Puts a number of its own into every floating-point register, and one into their control."""
    asm("""
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fmv.d.x f\\r, a0
    addi    a0, a0, 1
    .endr
    li      a1, 0x60
    fscsr   a1
    ret
    """)


@naked
@export
def measure_check_vectors(seed: u64, place: u64) -> None:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    asm("""
    li      a3, 0
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fmv.x.d a2, f\\r
    xor     a2, a2, a0
    or      a3, a3, a2
    addi    a0, a0, 1
    .endr
    frcsr   a2
    xori    a2, a2, 0x60
    or      a0, a3, a2
    sd      a0, 0(a1)
    ret
    """)


def check_vectors(seed: u64) -> u64:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    measure_check_vectors(seed, addr_of(found))
    return found.value


@naked
@export
def report_fresh_registers(place: u64) -> None:
    """How a new thread finds its registers: general, floating-point and state ones, each ORed; then it waits."""
    asm("""
    .irp    r, 1,3,5,6,7,8,9,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    or      a1, a1, x\\r
    .endr
    sd      a1, 0(a0)
    li      a1, 0
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fmv.x.d a2, f\\r
    or      a1, a1, a2
    .endr
    sd      a1, 8(a0)
    frcsr   a1
    or      a1, a1, tp
    sd      a1, 16(a0)
    li      a1, 1
    sd      a1, 24(a0)
1:  li      t1, -1
    li      t0, 0
    li      t2, 9
    ecall
    j       1b
    """)


@naked
@export
def poison_and_serve(handle: u64) -> None:
    """A server that answers every call with patterns in all the registers that are not part of the message."""
    asm("""
    mv      s4, a0
    mv      t0, s4
    li      t2, 3
    ecall
1:  li      t3, 0xa5a5000000000000
    .irp    r, 1,3,4,8,9,18,19,21,22,23,24,25,26,27,29,30,31
    mv      x\\r, t3
    .endr
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fmv.d.x f\\r, t3
    .endr
    mv      t0, s4
    li      t2, 1
    ecall
    j       1b
    """)


@naked
@export
def measure_dirty_after_exchange(handle: u64, place: u64) -> None:
    """Calls a server; leaves at place what is in the registers that are no part of a message, and in its vectors."""
    asm("""
    addi    sp, sp, -32
    sd      ra, 0(sp)
    sd      a0, 8(sp)
    sd      a1, 16(sp)
    li      a0, 0x5000
    call    fill_vectors
    ld      t0, 8(sp)
    li      t2, 0
    ecall
    or      a0, t3, t4
    or      a0, a0, t5
    or      a0, a0, t6
    or      a0, a0, tp
    or      a0, a0, gp
    ld      a1, 16(sp)
    sd      a0, 0(a1)
    li      a0, 0x5000
    addi    a1, a1, 8
    call    measure_check_vectors
    ld      ra, 0(sp)
    addi    sp, sp, 32
    ret
    """)


def set_flags_and_pointer() -> None:
    """Leaves marks in what a careless kernel would hand to the next thread."""
    asm("mv tp, %0\nmv gp, %0", 0xF000_0000)


def jump_to(address: u64) -> None:
    """Executes whatever stands at an address."""
    asm("jalr %0", address, clobber="ra")


def call_at(address: u64) -> u64:
    """Calls a function at an address; its result."""
    return asm64("jalr %1\nmv %0, a0", address, clobber="a0,ra")


@naked
@export
def answer() -> None:
    """A function so small that it can be copied: two instructions that give 42."""
    asm("""
    .option push
    .option norvc
    li      a0, 42
    ret
    .option pop
    """)


ANSWER_BYTES: Final = 8

ATTEMPTS: Final = 13
"""How many instructions there are that no program may use."""


def attempt(index: u64) -> None:
    """One of them; whoever comes back was not stopped."""
    if index == 0:
        asm("csrr t3, satp", clobber="t3")
    elif index == 1:
        asm("csrw satp, zero")
    elif index == 2:
        asm("csrci sstatus, 2")
    elif index == 3:
        asm("sfence.vma")
    elif index == 4:
        asm("csrw sscratch, zero")
    elif index == 5:
        asm("rdcycle t3", clobber="t3")
    elif index == 6:
        asm("csrr t3, scause", clobber="t3")
    elif index == 7:
        asm("rdinstret t3", clobber="t3")
    elif index == 8:
        asm("csrr t3, 0x14d", clobber="t3")
    elif index == 9:
        asm("wfi")
    elif index == 10:
        asm("csrr t3, mstatus", clobber="t3")
    elif index == 11:
        asm(".word 0")
    else:
        asm("sret")


def misaligned() -> None:
    """An exclusive access that no alignment rule allows."""
    asm("addi t3, sp, 1\nlr.d t3, (t3)", clobber="t3")


def rest() -> None:
    """One turn of a loop that does nothing."""
    asm(".word 0x0100000f")
