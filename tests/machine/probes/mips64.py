"""Probes in 64-bit MIPS instructions: registers seeded with patterns, and every forbidden instruction."""

from __future__ import annotations

from typing import Final

from abi.kernel import Fault
from metal import addr_of, asm, asm64, export, mmio_write8, naked, struct, u64

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
BELL_BASE: Final = 0x1800_0000
"""The ports; among them a serial port that can be made to hear itself: a device to ask for interrupts."""
BELL_LINE: Final = 4
DATA: Final = 0x3F8
INTERRUPTS: Final = DATA + 1
MODEM: Final = DATA + 4
LOOP: Final = 0x1A
TIMER_LINE: Final = 23
MEMORY_BASE: Final = 0x0010_0000
"""Memory, by the other name that it has on this board: here the kernel is."""
KERNEL_TEXT: Final = 0xFFFF_FFFF_8010_0000


def has_bell(base: u64) -> bool:
    """Every machine of the family has one."""
    return True


def open_bell(base: u64) -> None:
    """Lets the port interrupt when it has heard something."""
    mmio_write8(base + INTERRUPTS, 1)


def ring_bell(base: u64) -> None:
    """The port hears a byte of its own."""
    mmio_write8(base + MODEM, LOOP)
    mmio_write8(base + DATA, 1)


def silence_bell(base: u64) -> None:
    """Takes the byte, and with it the interrupt."""
    asm("lb $2, 0(%0)", base + DATA, clobber="$2")


def close_bell(base: u64) -> None:
    """It interrupts no more."""
    mmio_write8(base + INTERRUPTS, 0)


def read_counter() -> u64:
    """Instructions executed so far, in a build that opens the counter."""
    return asm64("rdhwr %0, $2")


@naked
@export
def measure_dirty_after_call(handle: u64, place: u64) -> None:
    """Polls a notification with a pattern in every register that a call may destroy; what is left of them, ORed."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -16
    sd      $5, 0($29)
    move    $12, $4
    li      $1, 0x5a5a
    move    $2, $1
    move    $3, $1
    move    $15, $1
    move    $24, $1
    move    $25, $1
    mtlo    $1
    mthi    $1
    li      $14, 11
    syscall
    or      $4, $1, $2
    or      $4, $4, $3
    or      $4, $4, $15
    or      $4, $4, $24
    or      $4, $4, $25
    mflo    $2
    or      $4, $4, $2
    mfhi    $2
    or      $4, $4, $2
    or      $4, $4, $26
    or      $4, $4, $27
    ld      $5, 0($29)
    daddiu  $29, $29, 16
    jr      $31
    sd      $4, 0($5)
    .set    pop
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
    .set    push
    .set    noreorder
    li      $2, 0xa5a5
    dsll32  $2, $2, 16
    move    $3, $2
    or      $3, $3, $2
    jr      $31
    sd      $3, 0($5)
    .set    pop
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
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -112
    .irp    r, 16,17,18,19,20,21,22,23
    sd      $\\r, 8 * (\\r - 16)($29)
    .endr
    sd      $28, 64($29)
    sd      $30, 72($29)
    sd      $31, 80($29)
    sd      $4, 88($29)
    sd      $5, 96($29)
    .irp    r, 16,17,18,19,20,21,22,23,28,30,31
    daddiu  $\\r, $4, \\r
    .endr
    li      $14, 12
    syscall
    move    $6, $0
    ld      $4, 88($29)
    ld      $5, 96($29)
    .irp    r, 16,17,18,19,20,21,22,23,28,30,31
    daddiu  $\\r, $\\r, -\\r
    xor     $\\r, $\\r, $4
    or      $6, $6, $\\r
    .endr
    sd      $6, 0($5)
    .irp    r, 16,17,18,19,20,21,22,23
    ld      $\\r, 8 * (\\r - 16)($29)
    .endr
    ld      $28, 64($29)
    ld      $30, 72($29)
    ld      $31, 80($29)
    jr      $31
    daddiu  $29, $29, 112
    .set    pop
    """)


@naked
@export
def fill_vectors(seed: u64) -> None:
    """Puts a number of its own into every floating-point register, and one into their control."""
    asm("""
    .set    push
    .set    noreorder
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    dmtc1   $4, $f\\r
    daddiu  $4, $4, 1
    .endr
    li      $2, 2
    ctc1    $2, $31
    jr      $31
    nop
    .set    pop
    """)


@naked
@export
def measure_check_vectors(seed: u64, place: u64) -> None:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    asm("""
    .set    push
    .set    noreorder
    move    $3, $0
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    dmfc1   $2, $f\\r
    xor     $2, $2, $4
    or      $3, $3, $2
    daddiu  $4, $4, 1
    .endr
    cfc1    $2, $31
    andi    $2, $2, 3
    xori    $2, $2, 2
    or      $3, $3, $2
    jr      $31
    sd      $3, 0($5)
    .set    pop
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
    .set    push
    .set    noreorder
    .set    noat
    .irp    r, 1,2,3,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,30,31
    or      $5, $5, $\\r
    .endr
    mflo    $2
    or      $5, $5, $2
    mfhi    $2
    or      $5, $5, $2
    sd      $5, 0($4)
    move    $5, $0
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    dmfc1   $2, $f\\r
    or      $5, $5, $2
    .endr
    sd      $5, 8($4)
    cfc1    $2, $31
    rdhwr   $3, $29
    or      $5, $2, $3
    sd      $5, 16($4)
    li      $2, 1
    sd      $2, 24($4)
1:  li      $13, -1
    move    $12, $0
    li      $14, 9
    syscall
    b       1b
    nop
    .set    pop
    """)


@naked
@export
def poison_and_serve(handle: u64) -> None:
    """A server that answers every call with patterns in all the registers that are not part of the message."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    move    $20, $4
    move    $12, $20
    li      $14, 3
    syscall
1:  li      $1, 0x5a5a
    .irp    r, 2,3,15,16,17,18,19,21,22,23,24,25,28,30,31
    move    $\\r, $1
    .endr
    mtlo    $1
    mthi    $1
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    dmtc1   $1, $f\\r
    .endr
    move    $12, $20
    li      $14, 1
    syscall
    b       1b
    nop
    .set    pop
    """)


@naked
@export
def measure_dirty_after_exchange(handle: u64, place: u64) -> None:
    """Calls a server; leaves at place what is in the registers that are no part of a message, and in its vectors."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -32
    sd      $31, 0($29)
    sd      $4, 8($29)
    sd      $5, 16($29)
    jal     fill_vectors
    li      $4, 0x5000
    ld      $12, 8($29)
    li      $14, 0
    syscall
    or      $4, $1, $2
    or      $4, $4, $3
    or      $4, $4, $15
    or      $4, $4, $24
    or      $4, $4, $25
    mflo    $2
    or      $4, $4, $2
    mfhi    $2
    or      $4, $4, $2
    ld      $5, 16($29)
    sd      $4, 0($5)
    li      $4, 0x5000
    jal     measure_check_vectors
    daddiu  $5, $5, 8
    ld      $31, 0($29)
    jr      $31
    daddiu  $29, $29, 32
    .set    pop
    """)


def set_flags_and_pointer() -> None:
    """Leaves marks in what a careless kernel would hand to the next thread."""
    asm("mtlo %0\nmthi %0", 0xF000_0000, clobber="hi,lo")


def jump_to(address: u64) -> None:
    """Executes whatever stands at an address."""
    asm("move $25, %0\njalr $25", address, clobber="$25,$31")


def call_at(address: u64) -> u64:
    """Calls a function at an address; its result."""
    return asm64("move $25, %1\njalr $25\nmove %0, $2", address, clobber="$2,$25,$31")


@naked
@export
def answer() -> None:
    """A function so small that it can be copied: two instructions that give 42."""
    asm("""
    .set    push
    .set    noreorder
    jr      $31
    li      $2, 42
    .set    pop
    """)


ANSWER_BYTES: Final = 8

ATTEMPTS: Final = 12
"""How many instructions there are that no program may use."""


def attempt(index: u64) -> None:
    """One of them; whoever comes back was not stopped."""
    if index == 0:
        asm("mfc0 $2, $12", clobber="$2")
    elif index == 1:
        asm("mtc0 $0, $12")
    elif index == 2:
        asm("dmtc0 $0, $10")
    elif index == 3:
        asm("tlbwr")
    elif index == 4:
        asm("tlbr")
    elif index == 5:
        asm("rdhwr $2, $2", clobber="$2")
    elif index == 6:
        asm("mfc0 $2, $13", clobber="$2")
    elif index == 7:
        asm("di")
    elif index == 8:
        asm("rdhwr $2, $0", clobber="$2")
    elif index == 9:
        asm("wait")
    elif index == 10:
        asm("mfc0 $2, $15, 1", clobber="$2")
    else:
        asm("eret")


def misaligned() -> None:
    """An access that no alignment rule allows."""
    asm("daddiu $2, $29, 1\nlld $2, 0($2)", clobber="$2")


def rest() -> None:
    """One turn of a loop that does nothing."""
    asm("nop")
