"""NS16550, the serial port of the PC and of many boards, for the kernel's own words: polled, until a driver owns it."""

from __future__ import annotations

from typing import Final

from kernel.arch.chosen import read_port, write_port
from metal import U64, Array, Reg, at, mmio, u8, u64

UNSAFE: Final = True

TRANSMIT_EMPTY: Final = 1 << 5
TRANSMIT: Final = 0
LINE_STATUS: Final = 5
MOST_BYTES: Final = 64


class Ns16550:
    """Its registers, one byte each, as many bytes apart as the machine has them."""

    BYTES: Array[Reg[u8]] = at(0, MOST_BYTES)


def write(base: u64, byte: u8, spacing: u64 = 1) -> None:
    """Writes one byte, once there is room; firmware has set the speed."""
    port = mmio(Ns16550, base)
    while port.BYTES[LINE_STATUS * spacing].read() & TRANSMIT_EMPTY == 0:
        pass
    port.BYTES[TRANSMIT].write(byte)


def write_ports(first: u64, byte: u8) -> None:
    """Writes one byte, once there is room, to a port whose registers are ports from this one on."""
    while read_port(first + LINE_STATUS, 1) & TRANSMIT_EMPTY == 0:
        pass
    write_port(first, 1, U64(byte))
