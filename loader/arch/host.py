"""The pretend machine has no firmware: every call of it is refused."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.loading import SystemRecord
from loader.memory import MemoryMap
from metal import Ptr, panic, u64

UNSUPPORTED: Final = 1 << 63 | 3

MACHINE_TABLE_LOW: Final = 0
MACHINE_TABLE_HIGH: Final = 0
REACH: Final = 1 << 63


def call_firmware(function: u64, first: u64, second: u64, third: u64, fourth: u64, fifth: u64) -> u64:
    """No function is there."""
    return UNSUPPORTED


def find_processor(services: u64) -> u64:
    """The only one."""
    return 0


def hand_over(system: Ptr[SystemRecord], tables: u64, processor: u64, memory: Ptr[MemoryMap]) -> NoReturn:
    """Nothing can be entered."""
    panic("the pretend machine is not started by a loader")
