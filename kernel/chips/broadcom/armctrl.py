"""The interrupt controller of a BCM2835's devices, ARMCTRL (Broadcom, "BCM2835 ARM Peripherals", chapter 7).

Two banks of 32 lines. A line is pending as long as its device asserts it and it is enabled.
"""

from __future__ import annotations

from typing import Final

from metal import U32, U64, Array, Reg, at, mmio, struct, trailing_zeros, u32, u64

UNSAFE: Final = True

BANKS: Final = 2
LINES: Final = 64


class Control:
    """Its registers, a word for each bank; the first pending word, of other sources, is not used."""

    PENDING: Array[Reg[u32]] = at(0x04, 2)
    ENABLE: Array[Reg[u32]] = at(0x10, 2)
    DISABLE: Array[Reg[u32]] = at(0x1C, 2)


@struct
class DeviceController:
    """Where it stands."""

    base: u64 = 0

    def setup(self) -> None:
        """Masks every line."""
        for bank in range(U64(BANKS)):
            mmio(Control, self.base).DISABLE[bank].write(0xFFFF_FFFF)

    def pending(self) -> u32:
        """The lowest line that is pending; LINES when there is none."""
        for bank in range(U32(BANKS)):
            lines = mmio(Control, self.base).PENDING[bank].read()
            if lines != 0:
                return bank * 32 + U32(trailing_zeros(U64(lines)))
        return LINES

    def mask(self, line: u32) -> None:
        mmio(Control, self.base).DISABLE[line // 32].write(U32(1) << line % 32)

    def unmask(self, line: u32) -> None:
        mmio(Control, self.base).ENABLE[line // 32].write(U32(1) << line % 32)
