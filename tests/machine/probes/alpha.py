"""Probes in Alpha instructions: registers seeded with patterns, and every forbidden instruction."""

from __future__ import annotations

from typing import Final

from abi.kernel import Fault
from metal import addr_of, asm, asm64, export, naked, struct, u64

UNSAFE: Final = True


@struct
class Found:
    """Where the probes leave what they found."""

    value: u64 = 0


found: Found = Found()

PAGE: Final = 8192
SCRATCH_PORTS: Final = 0
FAULT_BEYOND_TABLES: Final = Fault.READ
"""How a read ends at an address that is wider than what page tables translate."""
FAULTS_ON_EXECUTION: Final = True
FAULTS_ON_MISALIGNMENT: Final = True
GUARDS_KERNEL: Final = True
MEETS_DEADLINES: Final = True
BELL_BASE: Final = 0x801_FC00_0000
"""The ports of ISA, among them the 8254 timer: its first counter interrupts once when it has counted down."""
BELL_LINE: Final = 0
COUNTER: Final = 0x40
ONCE: Final = 0x30
"""Written to the control port: the first counter's two bytes follow, and its output rises at the end ("mode 0")."""
TIMER_LINE: Final = 2001
MEMORY_BASE: Final = 0x200_0000
KERNEL_TEXT: Final = 0xFFFF_FC00_0031_0000


def has_bell(base: u64) -> bool:
    """Every machine of the family has one."""
    return True


def open_bell(base: u64) -> None:
    """The counter stands still until it is given a number."""
    asm("stb %1, 3(%0)\nmb", base + COUNTER, ONCE)


def ring_bell(base: u64) -> None:
    """It counts from a number so small that it ends at once."""
    asm("stb %1, 3(%0)\nmb\nlda $1, 2($31)\nstb $1, 0(%0)\nmb\nstb $31, 0(%0)\nmb", base + COUNTER, ONCE, clobber="$1")


def silence_bell(base: u64) -> None:
    """The interrupt is an edge, and over."""


def close_bell(base: u64) -> None:
    """It counts no more."""
    open_bell(base)


def read_counter() -> u64:
    """Nanoseconds, and so instructions on an emulator that counts them; programs read a quarter of them."""
    return asm64("rpcc %0\nzapnot %0, 15, %0")


@naked
@export
def measure_dirty_after_call(handle: u64, place: u64) -> None:
    """Polls a notification with a pattern in every register that a call may destroy; what is left of them, ORed."""
    asm("""
    .set    noat
    lda     $30, -16($30)
    stq     $17, 0($30)
    mov     $16, $0
    ldah    $1, 0x5a5a($31)
    .irp    r, 6,7,8,22,23,24,25,27,28
    mov     $1, $\\r
    .endr
    lda     $5, 11($31)
    call_pal 0x83
    .irp    r, 6,7,8,22,23,24,25,27,28
    bis     $1, $\\r, $1
    .endr
    ldq     $17, 0($30)
    stq     $1, 0($17)
    lda     $30, 16($30)
    ret     $31, ($26), 1
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
    lda     $1, 0x5a5a($31)
    addq    $1, $1, $1
    lda     $1, 0xf1($1)
    sll     $1, 48, $1
    lda     $2, -1($31)
    sll     $2, 48, $2
    bis     $1, $2, $1
    stq     $1, 0($17)
    ret     $31, ($26), 1
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
    lda     $30, -96($30)
    .irp    r, 9,10,11,12,13,14,15
    stq     $\\r, 8 * (\\r - 9)($30)
    .endr
    stq     $26, 56($30)
    stq     $29, 64($30)
    stq     $16, 72($30)
    stq     $17, 80($30)
    .irp    r, 9,10,11,12,13,14,15,26,29
    lda     $\\r, \\r($16)
    .endr
    lda     $5, 12($31)
    call_pal 0x83
    mov     $31, $1
    ldq     $16, 72($30)
    ldq     $17, 80($30)
    .irp    r, 9,10,11,12,13,14,15,26,29
    lda     $\\r, -\\r($\\r)
    xor     $\\r, $16, $\\r
    bis     $1, $\\r, $1
    .endr
    stq     $1, 0($17)
    .irp    r, 9,10,11,12,13,14,15
    ldq     $\\r, 8 * (\\r - 9)($30)
    .endr
    ldq     $26, 56($30)
    ldq     $29, 64($30)
    lda     $30, 96($30)
    ret     $31, ($26), 1
    """)


@naked
@export
def fill_vectors(seed: u64) -> None:
    """Puts a number of its own into every floating-point register, and a rounding into their control."""
    asm("""
    lda     $1, 2($31)
    sll     $1, 58, $1
    stq     $1, -8($30)
    ldt     $f0, -8($30)
    mt_fpcr $f0
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    stq     $16, -8($30)
    ldt     $f\\r, -8($30)
    addq    $16, 1, $16
    .endr
    ret     $31, ($26), 1
    """)


@naked
@export
def measure_check_vectors(seed: u64, place: u64) -> None:
    """How much is missing of what `fill_vectors` left: 0 when all is there."""
    asm("""
    mov     $31, $2
    stt     $f0, -16($30)
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    stt     $f\\r, -8($30)
    ldq     $1, -8($30)
    xor     $1, $16, $1
    bis     $2, $1, $2
    addq    $16, 1, $16
    .endr
    mf_fpcr $f0
    stt     $f0, -8($30)
    ldq     $1, -8($30)
    ldt     $f0, -16($30)
    srl     $1, 58, $1
    and     $1, 3, $1
    xor     $1, 2, $1
    bis     $2, $1, $2
    stq     $2, 0($17)
    ret     $31, ($26), 1
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
    .set    noat
    .irp    r, 0,2,3,4,5,6,7,8,9,10,11,12,13,14,15,17,18,19,20,21,22,23,24,25,26,28,29
    bis     $1, $\\r, $1
    .endr
    stq     $1, 0($16)
    mov     $31, $2
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    stt     $f\\r, -8($30)
    ldq     $1, -8($30)
    bis     $2, $1, $2
    .endr
    stq     $2, 8($16)
    mf_fpcr $f0
    stt     $f0, -8($30)
    ldq     $2, -8($30)
    mov     $16, $9
    call_pal 0x9e
    bis     $2, $0, $2
    stq     $2, 16($9)
    lda     $1, 1($31)
    stq     $1, 24($9)
1:  lda     $4, -1($31)
    mov     $31, $0
    lda     $5, 9($31)
    call_pal 0x83
    br      1b
    """)


@naked
@export
def poison_and_serve(handle: u64) -> None:
    """A server that answers every call with patterns in all the registers that are not part of the message."""
    asm("""
    .set    noat
    mov     $16, $9
    mov     $9, $0
    lda     $5, 3($31)
    call_pal 0x83
1:  ldah    $1, 0x5a5a($31)
    .irp    r, 6,7,8,10,11,12,13,14,15,22,23,24,25,26,27,28,29
    mov     $1, $\\r
    .endr
    stq     $1, -8($30)
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    ldt     $f\\r, -8($30)
    .endr
    mov     $9, $0
    lda     $5, 1($31)
    call_pal 0x83
    br      1b
    """)


@naked
@export
def measure_dirty_after_exchange(handle: u64, place: u64) -> None:
    """Calls a server; leaves at place what is in the registers that are no part of a message, and in its vectors."""
    asm("""
    .set    noat
    lda     $30, -32($30)
    stq     $26, 0($30)
    stq     $16, 8($30)
    stq     $17, 16($30)
    lda     $16, 0x5000($31)
    bsr     $26, fill_vectors
    ldq     $0, 8($30)
    mov     $31, $5
    call_pal 0x83
    .irp    r, 6,7,8,22,23,24,25,27,28
    bis     $1, $\\r, $1
    .endr
    ldq     $17, 16($30)
    stq     $1, 0($17)
    lda     $17, 8($17)
    lda     $16, 0x5000($31)
    bsr     $26, measure_check_vectors
    ldq     $26, 0($30)
    lda     $30, 32($30)
    ret     $31, ($26), 1
    """)


def set_flags_and_pointer() -> None:
    """Leaves marks in what a careless kernel would hand to the next thread."""
    asm("mov %0, $16\ncall_pal 0x9f", 0xF000_0000, clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def jump_to(address: u64) -> None:
    """Executes whatever stands at an address."""
    asm("mov %0, $27\njsr $26, ($27), 0", address, clobber="$26,$27")


def call_at(address: u64) -> u64:
    """Calls a function at an address; its result."""
    return asm64("mov %1, $27\njsr $26, ($27), 0\nmov $0, %0", address, clobber="$0,$26,$27")


@naked
@export
def answer() -> None:
    """A function so small that it can be copied: two instructions that give 42."""
    asm("""
    lda     $0, 42($31)
    ret     $31, ($26), 1
    """)


ANSWER_BYTES: Final = 8

ATTEMPTS: Final = 11
"""How many instructions there are that no program may use."""


def attempt(index: u64) -> None:
    """One of them; whoever comes back was not stopped."""
    if index == 0:
        asm("call_pal 0x00")
    elif index == 1:
        asm("call_pal 0x09")
    elif index == 2:
        asm("call_pal 0x30")
    elif index == 3:
        asm("call_pal 0x33")
    elif index == 4:
        asm("call_pal 0x34")
    elif index == 5:
        asm("call_pal 0x35")
    elif index == 6:
        asm("call_pal 0x32", clobber="$0")
    elif index == 7:
        asm("call_pal 0x3f")
    elif index == 8:
        asm("call_pal 0x2b")
    elif index == 9:
        asm(".long 0x04000000")
    else:
        asm("call_pal 0x3e")


def misaligned() -> None:
    """An exclusive access that no alignment rule allows."""
    asm("lda $1, 1($30)\nldq_l $1, 0($1)", clobber="$1")


def rest() -> None:
    """One turn of a loop that does nothing."""
    asm("nop")
