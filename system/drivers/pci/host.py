"""A host bridge: the chip between the CPU and a PCI bus."""

from __future__ import annotations

from collections.abc import Callable

from metal import struct, u32


@struct
class Host:
    """How its configuration space is reached and how its interrupt pins are wired.

    A function is its slot times eight and its number there, all on bus 0; a register is a multiple of four.
    """

    read: Callable[[u32, u32], u32]
    write: Callable[[u32, u32, u32], None]
    # From a slot and a pin (1 is A) to the place of its line among the interrupts of the bus.
    route: Callable[[u32, u32], u32]


def swizzle(slot: u32, pin: u32) -> u32:
    """The usual wiring: four lines, which the pins of each slot take one further than those of the slot before."""
    return (slot + pin - 1) % 4
