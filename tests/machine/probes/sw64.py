"""Probes for SW64: Alpha's, which are translated with the suite, and what its board has instead."""

from __future__ import annotations

from typing import Final

from abi.kernel import Fault
from metal import asm, asm64, u64
from tests.machine.probes.alpha import (
    ANSWER_BYTES,
    PAGE,
    answer,
    call_at,
    check_vectors,
    dirty_after_call,
    dirty_without_call,
    fill_vectors,
    jump_to,
    measure_check_vectors,
    measure_dirty_after_exchange,
    measure_kept_over_switch,
    misaligned,
    poison_and_serve,
    report_fresh_registers,
    rest,
    set_flags_and_pointer,
)

__all__ = [
    "ANSWER_BYTES", "ATTEMPTS", "BELL_BASE", "BELL_LINE", "FAULTS_ON_EXECUTION", "FAULTS_ON_MISALIGNMENT",
    "FAULT_BEYOND_TABLES", "GUARDS_KERNEL", "KERNEL_TEXT", "MEETS_DEADLINES", "MEMORY_BASE", "PAGE",
    "SCRATCH_PORTS", "TIMER_LINE", "answer", "attempt", "call_at", "check_vectors", "close_bell",
    "dirty_after_call", "dirty_without_call", "fill_vectors", "has_bell", "jump_to", "measure_check_vectors",
    "measure_dirty_after_exchange", "measure_kept_over_switch", "misaligned", "open_bell", "poison_and_serve",
    "read_counter", "report_fresh_registers", "rest", "ring_bell", "set_flags_and_pointer", "silence_bell",
]  # fmt: skip

UNSAFE: Final = True

SCRATCH_PORTS: Final = 0
FAULT_BEYOND_TABLES: Final = Fault.READ
FAULTS_ON_EXECUTION: Final = True
FAULTS_ON_MISALIGNMENT: Final = False
GUARDS_KERNEL: Final = False
MEETS_DEADLINES: Final = False
BELL_BASE: Final = 0x8801_0000_0000
"""The ports of the first serial line, whose transmitter interrupts as soon as it is asked to: it is empty."""
BELL_LINE: Final = 12
INTERRUPTS: Final = 0x3F9
IDENTITY: Final = 0x3FA
ON_EMPTY: Final = 2
TIMER_LINE: Final = 9
MEMORY_BASE: Final = 0x200_0000
KERNEL_TEXT: Final = 0xFFF0_0000_0091_0000


def write_port(address: u64, value: u64) -> None:
    """One byte to a device."""
    asm("stb %1, 0(%0)\nmb", address, value)


def has_bell(base: u64) -> bool:
    """The board has one."""
    return True


def open_bell(base: u64) -> None:
    """Nothing interrupts yet."""
    write_port(base + INTERRUPTS, 0)


def ring_bell(base: u64) -> None:
    """The transmitter tells that it is empty."""
    write_port(base + INTERRUPTS, 0)
    write_port(base + INTERRUPTS, ON_EMPTY)


def silence_bell(base: u64) -> None:
    """Who reads why it interrupts takes that back."""
    asm("ldbu $1, 0(%0)", base + IDENTITY, clobber="$1")


def close_bell(base: u64) -> None:
    """Nothing interrupts any more."""
    write_port(base + INTERRUPTS, 0)


def read_counter() -> u64:
    """Ticks of the processor's clock."""
    return asm64("rpcc %0")


ATTEMPTS: Final = 0
"""The emulator executes what no program may use, or ends."""


def attempt(index: u64) -> None:
    """None."""
