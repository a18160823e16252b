"""Starts the system: takes it out of the loader's own file, puts it where it belongs, and leaves the firmware for good.

The system is entered as any boot loader of the family enters it, and does not learn that UEFI was there.
"""

from __future__ import annotations

from typing import Final

from abi.loading import SystemRecord
from loader.arch.chosen import MACHINE_TABLE_HIGH, MACHINE_TABLE_LOW, REACH, find_processor, hand_over
from loader.memory import MemoryMap
from loader.parts import find_system
from loader.uefi import Firmware
from metal import Ptr, View, addr_of, export, slice_at, symbol_address, u8, u64

UNSAFE: Final = True

firmware: Firmware = Firmware()


@export
def metal_start(loader: u64, table: u64) -> None:
    """Called by the family's first instructions with what firmware hands over."""
    firmware.loader = loader
    firmware.table = table
    start()
    firmware.give_up()


def start() -> None:
    """Comes back only where the system cannot be started, having said why."""
    system = find_system()
    if system is None:
        print("motet: this loader holds no system: make the disk again with motet image")
        return
    tables = firmware.find_table(MACHINE_TABLE_LOW, MACHINE_TABLE_HIGH)
    if tables == 0:
        print("motet: the firmware does not describe the machine as this system needs it")
        return
    if not firmware.take_pages(system.load_address, system.bytes_used):
        print(f"motet: the memory at {system.load_address:x} is not free")
        return
    if symbol_address("__file_start") >= REACH:
        print("motet: the firmware put the loader where this processor cannot leave it")
        return
    copy(system)
    processor = find_processor(firmware.system().boot_services)
    print("motet: starting")
    if not firmware.leave():
        print("motet: the firmware does not let go of the machine")
        return
    memory = MemoryMap()
    firmware.memory(memory)
    hand_over(system, tables, processor, memory)


def copy(system: Ptr[SystemRecord]) -> None:
    """Puts the system where it belongs."""
    source = slice_at(u8, addr_of(system) + system.offset, system.bytes_used)
    slice_at(u8, system.load_address, system.bytes_used).copy_from(source)


@export
def metal_write(stream: u8, text: View[u8]) -> None:
    """Where print and panic of the loader end up."""
    firmware.say(text)
