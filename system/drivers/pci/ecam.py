"""Driver of PCI host bridges that show configuration space in memory: so many bytes for each function, one by one.

With 4096 bytes each that is the enhanced configuration access mechanism of PCI Express (Base 3.0, section 7.2.2).
"""

from __future__ import annotations

from typing import Final

from abi.services.bus import Bus
from metal import U64, Reg, at, mmio, u32, u64
from system.app import offer
from system.drivers.bus import own_bus
from system.drivers.pci.bus import PciBus, serve_for_ever
from system.drivers.pci.function import Function
from system.drivers.pci.host import Host, swizzle

UNSAFE: Final = True

NOBODY_THERE: Final = 0xFFFF_FFFF


class Register:
    """Four bytes of configuration space."""

    value: Reg[u32] = at(0)


def place(function: u32, register: u32) -> u64:
    """Where a register is, from the first byte of the space."""
    return U64(function) * U64(own_bus().bus_facts.function_bytes) + U64(register)


def read(function: u32, register: u32) -> u32:
    """What is beyond the part of the space that the board names reads as if nobody were there."""
    if place(function, register) + 4 > own_bus().bytes_used:
        return NOBODY_THERE
    return mmio(Register, own_bus().address + place(function, register)).value.read()


def write(function: u32, register: u32, value: u32) -> None:
    """Only to where something was read."""
    if place(function, register) + 4 <= own_bus().bytes_used:
        mmio(Register, own_bus().address + place(function, register)).value.write(value)


host: Host = Host(read, write, swizzle)
function: Function = Function(host)
bus: PciBus = PciBus(host, function)


def main() -> None:
    """Finds the devices, then answers their drivers."""
    bus.find_devices()
    offer(Bus, bus, "bus")
    serve_for_ever()
