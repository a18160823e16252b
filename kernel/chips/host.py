"""The chips of the pretend machine: a clock that a test moves, lines that a test raises, a console it reads."""

from __future__ import annotations

from typing import Final

from kernel.arch.host.machine import machine
from kernel.chips.contract import NO_DEADLINE, NO_LINE
from metal import U32, U64, View, trailing_zeros, u8, u32, u64

LINES: Final = 64
TIMER: Final = 62
POKE: Final = 63
FIRST_DEVICE: Final = 4
TICKS_A_SECOND: Final = 1_000_000
OUTPUT_BYTES: Final = 256


def find(tree: View[u8]) -> bool:
    """The chips are always there."""
    return True


def setup_cpu(cpu: u64) -> None:
    """Nothing is due on a new CPU."""
    machine.processors[cpu].deadline = NO_DEADLINE


def console_write(byte: u8) -> None:
    """Keep a byte for the test."""
    if machine.output_used < OUTPUT_BYTES:
        machine.output[machine.output_used] = byte
        machine.output_used += 1


def clock_rate() -> u64:
    """Ticks a second."""
    return TICKS_A_SECOND


def clock_now() -> u64:
    """The time the test set."""
    return machine.now


def set_deadline(at: u64) -> None:
    """When this CPU's timer fires."""
    machine.processors[machine.cpu].deadline = at


def lines() -> u32:
    """How many lines there are."""
    return LINES


def claim() -> u32:
    """The timer, then a poke, then the lowest line that is raised and heard (by the first CPU)."""
    processor = machine.processors[machine.cpu]
    if machine.now >= processor.deadline:
        return TIMER
    if processor.poked:
        processor.poked = False
        return POKE
    ready = machine.pending & machine.heard
    if machine.cpu != 0 or ready == 0:
        return NO_LINE
    line = trailing_zeros(ready)
    if machine.edge & (U64(1) << line) != 0:
        machine.pending &= ~(U64(1) << line)
    return U32(line)


def finish(line: u32) -> None:
    """A line was served."""


def is_device(line: u32) -> bool:
    """Which lines a program may own."""
    return line >= FIRST_DEVICE and line < TIMER


def is_timer(line: u32) -> bool:
    """The line of the timer."""
    return line == TIMER


def is_poke(line: u32) -> bool:
    """The line of another CPU's poke."""
    return line == POKE


def configure(line: u32, edge: bool, cpu: u64) -> None:
    """How a line behaves; it is masked until it is bound."""
    bit = U64(1) << line
    machine.edge = machine.edge | bit if edge else machine.edge & ~bit
    machine.heard &= ~bit


def mask(line: u32) -> None:
    """A line is not heard any more."""
    machine.heard &= ~(U64(1) << line)


def unmask(line: u32) -> None:
    """A line is heard."""
    machine.heard |= U64(1) << line


def send(cpu: u64) -> None:
    """Poke another CPU."""
    machine.processors[cpu].poked = True
