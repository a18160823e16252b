"""Probes of the emulator's ARM machine: its family's instructions, and a clock with an alarm as the bell."""

from __future__ import annotations

from typing import Final

from metal import mmio_read32, mmio_write32, u64
from tests.machine.probes.arm import *  # noqa: F403

UNSAFE: Final = True

BELL_BASE: Final = 0x0901_0000
"""PL031, a clock with an alarm: a device whose interrupt the suite can ask for."""
BELL_ENABLE: Final = 0x10
BELL_CLEAR: Final = 0x1C
BELL_LINE: Final = 34
TIMER_LINE: Final = 27
MEMORY_BASE: Final = 0x4000_0000


def open_bell(base: u64) -> None:
    """Lets the clock interrupt."""
    mmio_write32(base + BELL_ENABLE, 1)


def ring_bell(base: u64) -> None:
    """Sets the clock's alarm to now: PL031 compares its match register with its counter at once."""
    mmio_write32(base + 4, mmio_read32(base))


def silence_bell(base: u64) -> None:
    """Takes its interrupt back."""
    mmio_write32(base + BELL_CLEAR, 1)


def close_bell(base: u64) -> None:
    """It interrupts no more."""
    mmio_write32(base + BELL_ENABLE, 0)
