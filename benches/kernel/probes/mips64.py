"""The measured loops in 64-bit MIPS instructions: nothing but the call and what counts its rounds."""

from __future__ import annotations

from typing import Final

from metal import asm, asm64, export, mmio_write8, naked, u64

UNSAFE: Final = True

TICK_INSTRUCTIONS: Final = 6
"""Instructions in one tick of the clock, when an instruction takes a nanosecond of the emulated machine: the clock is
Count, which is also what counts here, so that single rounds are six instructions wrong at most."""
CLOCK_CHIP: Final = 0x1800_0000
"""The ports: the first serial port of the ISA bus, whose transmitter interrupts whenever it is asked to."""
CLOCK_CHIP_LINE: Final = 4
ENABLE: Final = 0x3F9


def read_counter() -> u64:
    """Instructions executed until now."""
    return asm64("rdhwr %0, $2") * TICK_INSTRUCTIONS


def open_clock_chip(base: u64) -> None:
    """Nothing more is needed before the device can be made to interrupt."""
    mmio_write8(base + ENABLE, 0)


def close_clock_chip(base: u64) -> None:
    """The device interrupts no more."""
    mmio_write8(base + ENABLE, 0)


@naked
@export
def poll_rounds(handle: u64, rounds: u64) -> None:
    """POLL, again and again."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -16
    sd      $16, 0($29)
    sd      $17, 8($29)
    move    $16, $5
    move    $17, $4
1:  move    $12, $17
    li      $14, 11
    syscall
    daddiu  $16, $16, -1
    bnez    $16, 1b
    nop
    ld      $16, 0($29)
    ld      $17, 8($29)
    jr      $31
    daddiu  $29, $29, 16
    .set    pop
    """)


@naked
@export
def call_rounds(handle: u64, rounds: u64) -> None:
    """CALL with eight words, whose status is looked at."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -16
    sd      $16, 0($29)
    sd      $17, 8($29)
    move    $16, $5
    move    $17, $4
1:  move    $12, $17
    li      $14, 0
    syscall
    bltz    $12, 2f
    nop
    daddiu  $16, $16, -1
    bnez    $16, 1b
    nop
    ld      $16, 0($29)
    ld      $17, 8($29)
    jr      $31
    daddiu  $29, $29, 16
2:  break
    .set    pop
    """)


@naked
@export
def long_call_rounds(handle: u64, rounds: u64) -> None:
    """The same with what the message page says beyond the eight words."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -16
    sd      $16, 0($29)
    sd      $17, 8($29)
    move    $16, $5
    move    $17, $4
1:  move    $12, $17
    li      $14, 128
    syscall
    bltz    $12, 2f
    nop
    daddiu  $16, $16, -1
    bnez    $16, 1b
    nop
    ld      $16, 0($29)
    ld      $17, 8($29)
    jr      $31
    daddiu  $29, $29, 16
2:  break
    .set    pop
    """)


@naked
@export
def vector_call_rounds(handle: u64, rounds: u64) -> None:
    """CALL by a program that uses its floating-point registers in every round."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -16
    sd      $16, 0($29)
    sd      $17, 8($29)
    move    $16, $5
    move    $17, $4
1:  move    $12, $17
    li      $14, 0
    syscall
    bltz    $12, 2f
    nop
    dmtc1   $0, $f0
    daddiu  $16, $16, -1
    bnez    $16, 1b
    nop
    ld      $16, 0($29)
    ld      $17, 8($29)
    jr      $31
    daddiu  $29, $29, 16
2:  break
    .set    pop
    """)


@naked
@export
def serve(handle: u64) -> None:
    """REPLY_RECEIVE for ever."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    move    $17, $4
    move    $12, $17
    li      $14, 3
    syscall
1:  move    $12, $17
    li      $14, 1
    syscall
    b       1b
    nop
    .set    pop
    """)


@naked
@export
def serve_long(handle: u64) -> None:
    """REPLY_RECEIVE with the message page, for ever."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    move    $17, $4
    move    $12, $17
    li      $14, 131
    syscall
1:  move    $12, $17
    li      $14, 129
    syscall
    b       1b
    nop
    .set    pop
    """)


@naked
@export
def serve_vectors(handle: u64) -> None:
    """REPLY_RECEIVE for ever, by a server that uses its floating-point registers in every round."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    move    $17, $4
    move    $12, $17
    li      $14, 3
    syscall
1:  move    $12, $17
    dmtc1   $0, $f0
    li      $14, 1
    syscall
    b       1b
    nop
    .set    pop
    """)


@naked
@export
def yield_rounds(rounds: u64, unused: u64) -> None:
    """YIELD, again and again."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -16
    sd      $16, 0($29)
    move    $16, $4
1:  li      $14, 12
    syscall
    daddiu  $16, $16, -1
    bnez    $16, 1b
    nop
    ld      $16, 0($29)
    jr      $31
    daddiu  $29, $29, 16
    .set    pop
    """)


@naked
@export
def wait_and_note(place: u64) -> None:
    """Waits for a signal for ever; each time adds the instructions since the count at place + 0 to place + 8."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    move    $17, $4
1:  li      $13, -1
    li      $14, 9
    syscall
    rdhwr   $2, $2
    ld      $3, 0($17)
    dsubu   $2, $2, $3
    sll     $3, $2, 1
    sll     $2, $2, 2
    addu    $2, $2, $3              # instructions
    ld      $3, 8($17)
    daddu   $3, $3, $2
    sd      $3, 8($17)
    ld      $3, 16($17)
    sltu    $15, $3, $2
    movz    $2, $3, $15             # the larger of the two
    sd      $2, 16($17)
    ld      $3, 24($17)
    daddiu  $3, $3, 1
    sd      $3, 24($17)
    b       1b
    nop
    .set    pop
    """)


@naked
@export
def signal_rounds(handle: u64, rounds: u64, place: u64) -> None:
    """Notes the count, then SIGNAL."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -32
    sd      $16, 0($29)
    sd      $17, 8($29)
    sd      $18, 16($29)
    move    $16, $5
    move    $17, $4
    move    $18, $6
1:  li      $4, 1
    move    $12, $17
    li      $14, 10
    rdhwr   $2, $2
    sd      $2, 0($18)
    syscall
    daddiu  $16, $16, -1
    bnez    $16, 1b
    nop
    ld      $16, 0($29)
    ld      $17, 8($29)
    ld      $18, 16($29)
    jr      $31
    daddiu  $29, $29, 32
    .set    pop
    """)


@naked
@export
def take_interrupts(place: u64, chip: u64, handle: u64) -> None:
    """A driver: waits, notes the latency as above, quiets the device, acknowledges."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    move    $17, $4
    move    $18, $5
    move    $19, $6
1:  li      $13, -1
    li      $14, 9
    syscall
    rdhwr   $2, $2
    ld      $3, 0($17)
    dsubu   $2, $2, $3
    sll     $3, $2, 1
    sll     $2, $2, 2
    addu    $2, $2, $3              # instructions
    ld      $3, 8($17)
    daddu   $3, $3, $2
    sd      $3, 8($17)
    ld      $3, 16($17)
    sltu    $15, $3, $2
    movz    $2, $3, $15             # the larger of the two
    sd      $2, 16($17)
    ld      $3, 24($17)
    daddiu  $3, $3, 1
    sd      $3, 24($17)
    sb      $0, 0x3f9($18)
    move    $12, $19
    li      $14, 46
    syscall
    b       1b
    nop
    .set    pop
    """)


@naked
@export
def ring_rounds(place: u64, rounds: u64, chip: u64) -> None:
    """Notes the count, makes the device interrupt, and waits in a loop until its driver has noted it."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    li      $15, 2
1:  ld      $2, 24($4)
    rdhwr   $3, $2
    sd      $3, 0($4)
    sb      $15, 0x3f9($6)
2:  ld      $3, 24($4)
    beq     $3, $2, 2b
    nop
    daddiu  $5, $5, -1
    bnez    $5, 1b
    nop
    jr      $31
    nop
    .set    pop
    """)


@naked
@export
def fault_for_ever(address: u64) -> None:
    """Reads where nothing is; whoever answers the fault lets it try again."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
1:  ld      $5, 0($4)
    b       1b
    nop
    .set    pop
    """)


@naked
@export
def answer_faults(handle: u64, rounds: u64, place: u64) -> None:
    """A handler that answers so many faults; the instructions between the first and the last go to place."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -32
    sd      $16, 0($29)
    sd      $17, 8($29)
    sd      $18, 16($29)
    sd      $19, 24($29)
    move    $16, $5
    move    $17, $4
    move    $18, $6
    move    $12, $17
    li      $14, 3
    syscall
    rdhwr   $19, $2
1:  move    $12, $17
    li      $14, 1
    syscall
    daddiu  $16, $16, -1
    bnez    $16, 1b
    nop
    rdhwr   $2, $2
    dsubu   $2, $2, $19
    sll     $3, $2, 1
    sll     $2, $2, 2
    addu    $2, $2, $3              # instructions
    sd      $2, 0($18)
    ld      $16, 0($29)
    ld      $17, 8($29)
    ld      $18, 16($29)
    ld      $19, 24($29)
    jr      $31
    daddiu  $29, $29, 32
    .set    pop
    """)


@naked
@export
def map_rounds(space: u64, memory: u64, address: u64, rounds: u64, place: u64) -> None:
    """MAP and UNMAP of one page; adds the instructions of each, with its few of set-up, to place + 0 and + 8."""
    asm("""
    .set    push
    .set    noreorder
    .set    noat
    daddiu  $29, $29, -48
    .irp    r, 16,17,18,19,20,21
    sd      $\\r, (\\r - 16) * 8($29)
    .endr
    move    $16, $4
    move    $17, $5
    move    $18, $6
    move    $19, $7
    move    $20, $8
1:  rdhwr   $21, $2
    move    $12, $16
    move    $4, $17
    move    $5, $0
    move    $6, $18
    li      $7, 4096
    li      $8, 3
    li      $14, 28
    syscall
    rdhwr   $2, $2
    bltz    $12, 2f
    dsubu   $2, $2, $21
    sll     $3, $2, 1
    sll     $2, $2, 2
    addu    $2, $2, $3              # instructions
    ld      $3, 0($20)
    daddu   $3, $3, $2
    sd      $3, 0($20)
    rdhwr   $21, $2
    move    $12, $16
    move    $4, $18
    li      $14, 29
    syscall
    rdhwr   $2, $2
    bltz    $12, 2f
    dsubu   $2, $2, $21
    sll     $3, $2, 1
    sll     $2, $2, 2
    addu    $2, $2, $3              # instructions
    ld      $3, 8($20)
    daddu   $3, $3, $2
    sd      $3, 8($20)
    daddiu  $19, $19, -1
    bnez    $19, 1b
    nop
    .irp    r, 16,17,18,19,20,21
    ld      $\\r, (\\r - 16) * 8($29)
    .endr
    jr      $31
    daddiu  $29, $29, 48
2:  break
    .set    pop
    """)
