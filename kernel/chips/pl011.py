"""PL011, Arm's serial port, for the kernel's own words: polled, and only until a driver owns it (ARM DDI 0183)."""

from __future__ import annotations

from typing import Final

from metal import U32, Reg, at, mmio, u8, u32, u64

UNSAFE: Final = True

TRANSMIT_FULL: Final = 1 << 5
ENABLED: Final = 0x301


class Pl011:
    """Its registers."""

    DR: Reg[u32] = at(0x00)
    FR: Reg[u32] = at(0x18)
    CR: Reg[u32] = at(0x30)


def write(base: u64, byte: u8) -> None:
    """Writes one byte, once there is room."""
    port = mmio(Pl011, base)
    if port.CR.read() & 1 == 0:
        port.CR.write(ENABLED)
    while port.FR.read() & TRANSMIT_FULL != 0:
        pass
    port.DR.write(U32(byte))
