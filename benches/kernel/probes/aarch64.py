"""The measured loops in 64-bit ARM instructions: nothing but the call and what counts its rounds."""

from __future__ import annotations

from typing import Final

from metal import asm, asm64, export, mmio_write32, naked, u64

UNSAFE: Final = True

TICK_INSTRUCTIONS: Final = 16
"""Instructions in one tick of the clock, when an instruction takes a nanosecond of the emulated machine."""
CLOCK_CHIP: Final = 0x0901_0000
"""PL031, whose alarm can be set to now."""
CLOCK_CHIP_LINE: Final = 34
ALARM_MASK: Final = 0x10


def open_clock_chip(base: u64) -> None:
    """Lets its alarm interrupt."""
    mmio_write32(base + ALARM_MASK, 1)


def close_clock_chip(base: u64) -> None:
    """It interrupts no more."""
    mmio_write32(base + ALARM_MASK, 0)


def read_counter() -> u64:
    """Instructions executed until now."""
    return asm64("mrs %0, pmccntr_el0")


@naked
@export
def poll_rounds(handle: u64, rounds: u64) -> None:
    """POLL, again and again."""
    asm("""
    stp     x19, x20, [sp, #-16]!
    mov     x19, x1
    mov     x20, x0
1:  mov     x11, x20
    svc     #11
    subs    x19, x19, #1
    b.ne    1b
    ldp     x19, x20, [sp], #16
    ret
    """)


@naked
@export
def call_rounds(handle: u64, rounds: u64) -> None:
    """CALL with eight words, whose status is looked at."""
    asm("""
    stp     x19, x20, [sp, #-16]!
    mov     x19, x1
    mov     x20, x0
1:  mov     x11, x20
    svc     #0
    tbnz    x11, #63, 2f
    subs    x19, x19, #1
    b.ne    1b
    ldp     x19, x20, [sp], #16
    ret
2:  brk     #1
    """)


@naked
@export
def long_call_rounds(handle: u64, rounds: u64) -> None:
    """The same with what the message page says beyond the eight words."""
    asm("""
    stp     x19, x20, [sp, #-16]!
    mov     x19, x1
    mov     x20, x0
1:  mov     x11, x20
    svc     #128
    tbnz    x11, #63, 2f
    subs    x19, x19, #1
    b.ne    1b
    ldp     x19, x20, [sp], #16
    ret
2:  brk     #1
    """)


@naked
@export
def vector_call_rounds(handle: u64, rounds: u64) -> None:
    """CALL by a program that uses its vector registers in every round."""
    asm("""
    stp     x19, x20, [sp, #-16]!
    mov     x19, x1
    mov     x20, x0
1:  mov     x11, x20
    svc     #0
    tbnz    x11, #63, 2f
    movi    v0.2d, #0
    subs    x19, x19, #1
    b.ne    1b
    ldp     x19, x20, [sp], #16
    ret
2:  brk     #1
    """)


@naked
@export
def serve(handle: u64) -> None:
    """REPLY_RECEIVE for ever."""
    asm("""
    mov     x20, x0
    mov     x11, x20
    svc     #3
1:  mov     x11, x20
    svc     #1
    b       1b
    """)


@naked
@export
def serve_long(handle: u64) -> None:
    """REPLY_RECEIVE with the message page, for ever."""
    asm("""
    mov     x20, x0
    mov     x11, x20
    svc     #131
1:  mov     x11, x20
    svc     #129
    b       1b
    """)


@naked
@export
def serve_vectors(handle: u64) -> None:
    """REPLY_RECEIVE for ever, by a server that uses its vector registers in every round."""
    asm("""
    mov     x20, x0
    mov     x11, x20
    svc     #3
1:  movi    v0.2d, #0
    mov     x11, x20
    svc     #1
    b       1b
    """)


@naked
@export
def yield_rounds(rounds: u64, unused: u64) -> None:
    """YIELD, again and again."""
    asm("""
    stp     x19, x20, [sp, #-16]!
    mov     x19, x0
1:  svc     #12
    subs    x19, x19, #1
    b.ne    1b
    ldp     x19, x20, [sp], #16
    ret
    """)


@naked
@export
def wait_and_note(place: u64) -> None:
    """Waits for a signal for ever; each time adds the instructions since the count at place + 0 to place + 8."""
    asm("""
    mov     x20, x0
1:  mov     x13, #-1
    svc     #9
    mrs     x9, pmccntr_el0
    ldr     x10, [x20]
    sub     x9, x9, x10
    ldr     x10, [x20, #8]
    add     x10, x10, x9
    str     x10, [x20, #8]
    ldr     x10, [x20, #16]
    cmp     x9, x10
    csel    x9, x9, x10, hi
    ldr     x10, [x20, #24]
    add     x10, x10, #1
    stp     x9, x10, [x20, #16]
    b       1b
    """)


@naked
@export
def signal_rounds(handle: u64, rounds: u64, place: u64) -> None:
    """Notes the count, then SIGNAL."""
    asm("""
    stp     x19, x20, [sp, #-32]!
    str     x21, [sp, #16]
    mov     x19, x1
    mov     x20, x0
    mov     x21, x2
1:  mov     x0, #1
    mov     x11, x20
    mrs     x9, pmccntr_el0
    str     x9, [x21]
    svc     #10
    subs    x19, x19, #1
    b.ne    1b
    ldr     x21, [sp, #16]
    ldp     x19, x20, [sp], #32
    ret
    """)


@naked
@export
def take_interrupts(place: u64, chip: u64, handle: u64) -> None:
    """A driver: waits, notes the latency as above, quiets the device, acknowledges."""
    asm("""
    mov     x20, x0
    mov     x21, x1
    mov     x22, x2
1:  mov     x13, #-1
    svc     #9
    mrs     x9, pmccntr_el0
    ldr     x10, [x20]
    sub     x9, x9, x10
    ldr     x10, [x20, #8]
    add     x10, x10, x9
    str     x10, [x20, #8]
    ldr     x10, [x20, #16]
    cmp     x9, x10
    csel    x9, x9, x10, hi
    ldr     x10, [x20, #24]
    add     x10, x10, #1
    stp     x9, x10, [x20, #16]
    mov     w9, #1
    str     w9, [x21, #0x1c]
    mov     x11, x22
    svc     #46
    b       1b
    """)


@naked
@export
def ring_rounds(place: u64, rounds: u64, chip: u64) -> None:
    """Notes the count, makes the device interrupt, and waits in a loop until its driver has noted it."""
    asm("""
1:  ldr     x9, [x0, #24]
    ldr     w10, [x2]
    mrs     x11, pmccntr_el0
    str     x11, [x0]
    str     w10, [x2, #4]
2:  ldr     x12, [x0, #24]
    cmp     x12, x9
    b.eq    2b
    subs    x1, x1, #1
    b.ne    1b
    ret
    """)


@naked
@export
def fault_for_ever(address: u64) -> None:
    """Reads where nothing is; whoever answers the fault lets it try again."""
    asm("""
1:  ldr     x1, [x0]
    b       1b
    """)


@naked
@export
def answer_faults(handle: u64, rounds: u64, place: u64) -> None:
    """A handler that answers so many faults; the instructions between the first and the last go to place."""
    asm("""
    stp     x19, x20, [sp, #-32]!
    stp     x21, x22, [sp, #16]
    mov     x19, x1
    mov     x20, x0
    mov     x21, x2
    mov     x11, x20
    svc     #3
    mrs     x22, pmccntr_el0
1:  mov     x11, x20
    svc     #1
    subs    x19, x19, #1
    b.ne    1b
    mrs     x9, pmccntr_el0
    sub     x9, x9, x22
    str     x9, [x21]
    ldp     x21, x22, [sp, #16]
    ldp     x19, x20, [sp], #32
    ret
    """)


@naked
@export
def map_rounds(space: u64, memory: u64, address: u64, rounds: u64, place: u64) -> None:
    """MAP and UNMAP of one page; adds the instructions of each, with its seven of set-up, to place + 0 and + 8."""
    asm("""
    stp     x19, x20, [sp, #-48]!
    stp     x21, x22, [sp, #16]
    stp     x23, x24, [sp, #32]
    mov     x19, x0
    mov     x20, x1
    mov     x21, x2
    mov     x22, x3
    mov     x23, x4
1:  mrs     x24, pmccntr_el0
    mov     x11, x19
    mov     x0, x20
    mov     x1, #0
    mov     x2, x21
    mov     x3, #4096
    mov     x4, #3
    svc     #28
    mrs     x9, pmccntr_el0
    tbnz    x11, #63, 2f
    sub     x9, x9, x24
    ldr     x10, [x23]
    add     x10, x10, x9
    str     x10, [x23]
    mrs     x24, pmccntr_el0
    mov     x11, x19
    mov     x0, x21
    svc     #29
    mrs     x9, pmccntr_el0
    tbnz    x11, #63, 2f
    sub     x9, x9, x24
    ldr     x10, [x23, #8]
    add     x10, x10, x9
    str     x10, [x23, #8]
    subs    x22, x22, #1
    b.ne    1b
    ldp     x23, x24, [sp, #32]
    ldp     x21, x22, [sp, #16]
    ldp     x19, x20, [sp], #48
    ret
2:  brk     #2
    """)
