"""The interrupt controller of the LS7A bridge (PCH-PIC; Loongson 7A1000 User Manual, 5.3): 64 lines, sent as messages.

Each line is sent as the vector of its own number. A line that is unmasked while it is asserted is sent again.
"""

from __future__ import annotations

from typing import Final

from metal import U8, U32, U64, Array, Reg, at, mmio, struct, u8, u32, u64

UNSAFE: Final = True

LINES: Final = 64


class Bridge:
    """Its registers; those of a bit a line are two words, the low one first."""

    MASK: Array[Reg[u32]] = at(0x20, 2)
    EDGE: Array[Reg[u32]] = at(0x60, 2)
    CLEAR: Array[Reg[u32]] = at(0x80, 2)
    VECTOR: Array[Reg[u8]] = at(0x200, 64)


@struct
class PchPic:
    """Where it stands."""

    base: u64 = 0

    def setup(self) -> None:
        """Masks every line, and names the vector of each."""
        bridge = mmio(Bridge, self.base)
        for word in range(U64(2)):
            bridge.MASK[word].write(0xFFFF_FFFF)
        for line in range(U64(LINES)):
            bridge.VECTOR[line].write(U8(line))

    def configure(self, line: u32, edge: bool) -> None:
        """How a masked line speaks."""
        edges = mmio(Bridge, self.base).EDGE[line // 32].read()
        mmio(Bridge, self.base).EDGE[line // 32].write(edges | bit_of(line) if edge else edges & ~bit_of(line))

    def mask(self, line: u32) -> None:
        masked = mmio(Bridge, self.base).MASK[line // 32].read()
        mmio(Bridge, self.base).MASK[line // 32].write(masked | bit_of(line))

    def unmask(self, line: u32) -> None:
        masked = mmio(Bridge, self.base).MASK[line // 32].read()
        mmio(Bridge, self.base).MASK[line // 32].write(masked & ~bit_of(line))

    def finish(self, line: u32) -> None:
        """An edge is remembered until it is cleared; a level is not."""
        mmio(Bridge, self.base).CLEAR[line // 32].write(bit_of(line))


def bit_of(line: u32) -> u32:
    """A line's bit in its word."""
    return U32(1) << line % 32
