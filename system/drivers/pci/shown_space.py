"""Configuration space that a host bridge shows in memory: so many bytes for each function, one by one."""

from __future__ import annotations

from typing import Final

from metal import U64, Reg, at, mmio, u32, u64
from system.drivers.bus import own_bus

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
