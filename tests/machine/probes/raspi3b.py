"""Probes of a Raspberry Pi 3: its family's instructions, and the chip's own timer as the bell."""

from __future__ import annotations

from typing import Final

from metal import mmio_read32, mmio_write32, u64
from tests.machine.probes.arm import *  # noqa: F403

UNSAFE: Final = True

BELL_BASE: Final = 0x3F00_3000
"""BCM2835's system timer, a counter with four numbers that it is compared with; the second is used."""
BELL_LINE: Final = 1
STATUS: Final = 0x00
COUNTER: Final = 0x04
COMPARED: Final = 0x10
MATCHED: Final = 1 << 1
TIMER_LINE: Final = 1003
MEMORY_BASE: Final = 0x1000_0000


def open_bell(base: u64) -> None:
    """Nothing has matched yet."""
    mmio_write32(base + STATUS, MATCHED)


def ring_bell(base: u64) -> None:
    """Has the timer match in some microseconds."""
    mmio_write32(base + COMPARED, mmio_read32(base + COUNTER) + 20)


def silence_bell(base: u64) -> None:
    """Takes its interrupt back."""
    mmio_write32(base + STATUS, MATCHED)


def close_bell(base: u64) -> None:
    """It interrupts no more."""
    mmio_write32(base + STATUS, MATCHED)
