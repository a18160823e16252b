"""The pair of 8259A interrupt controllers of the PC, and of the south bridges that go on having them: 15 lines.

The second controller stands behind line 2 of the first. A line is claimed by asking both, not by the bus's own
acknowledgement: OCW3 with the poll bit ("Poll Command" of Intel's data sheet 231468), so that one way serves every
processor.
"""

from __future__ import annotations

from typing import Final

from metal import U8, U32, Reg, at, mmio, struct, u8, u32, u64

UNSAFE: Final = True

LINES: Final = 16
CASCADE: Final = 2
SECOND: Final = 8

# Initialization: edges, two controllers, a fourth word; then vectors, which are lines' numbers, wiring, 8086 mode.
INITIALIZE: Final = 0x11
MODE_8086: Final = 0x01
POLL: Final = 0x0C
END_SPECIFIC: Final = 0x60
PENDING: Final = 0x80
NUMBER: Final = 0x07

FIRST_BASE: Final = 0x20
SECOND_BASE: Final = 0xA0
LEVELS_BASE: Final = 0x4D0


class Controller:
    """One controller's two ports."""

    COMMAND: Reg[u8] = at(0)
    DATA: Reg[u8] = at(1)


class Levels:
    """Which lines are levels: a register of PCI south bridges, one byte for each controller."""

    FIRST: Reg[u8] = at(0)
    SECOND: Reg[u8] = at(1)


@struct
class I8259:
    """Where the ports of the PC are, and which lines are heard."""

    ports: u64 = 0
    masked: u32 = 0xFFFF

    def setup(self) -> None:
        """Masks every line but the one between the two."""
        initialize(self.ports + FIRST_BASE, 0, 1 << CASCADE)
        initialize(self.ports + SECOND_BASE, SECOND, CASCADE)
        self.masked = 0xFFFF & ~(U32(1) << CASCADE)
        self.write_masks()

    def write_masks(self) -> None:
        mmio(Controller, self.ports + FIRST_BASE).DATA.write(U8(self.masked & 0xFF))
        mmio(Controller, self.ports + SECOND_BASE).DATA.write(U8(self.masked >> SECOND))

    def configure(self, line: u32, edge: bool) -> None:
        """How a masked line speaks; lines 0, 1, 2, 8 and 13 are edges by wiring, and say so however they are set."""
        levels = mmio(Levels, self.ports + LEVELS_BASE)
        bit = U8(1) << U8(line % SECOND)
        now = levels.FIRST.read() if line < SECOND else levels.SECOND.read()
        wanted = now & ~bit if edge else now | bit
        if line < SECOND:
            levels.FIRST.write(wanted)
        else:
            levels.SECOND.write(wanted)

    def mask(self, line: u32) -> None:
        self.masked |= U32(1) << line
        self.write_masks()

    def unmask(self, line: u32) -> None:
        self.masked &= ~(U32(1) << line)
        self.write_masks()

    def claim(self, nothing: u32) -> u32:
        """The most urgent line that interrupts, which is busy until `finish`; `nothing` when there is none."""
        first = poll(self.ports + FIRST_BASE)
        if first & PENDING == 0:
            return nothing
        line = U32(first & NUMBER)
        if line != CASCADE:
            return line
        second = poll(self.ports + SECOND_BASE)
        if second & PENDING == 0:
            mmio(Controller, self.ports + FIRST_BASE).COMMAND.write(END_SPECIFIC | CASCADE)
            return nothing
        return SECOND + U32(second & NUMBER)

    def finish(self, line: u32) -> None:
        """Ends a claimed line at both controllers."""
        if line >= SECOND:
            mmio(Controller, self.ports + SECOND_BASE).COMMAND.write(END_SPECIFIC | U8(line - SECOND))
            mmio(Controller, self.ports + FIRST_BASE).COMMAND.write(END_SPECIFIC | CASCADE)
        else:
            mmio(Controller, self.ports + FIRST_BASE).COMMAND.write(END_SPECIFIC | U8(line))


def initialize(base: u64, first: u8, wiring: u8) -> None:
    """One controller and its first line's number; `wiring` says where the other is, to the first one by a bit."""
    controller = mmio(Controller, base)
    controller.COMMAND.write(INITIALIZE)
    controller.DATA.write(first)
    controller.DATA.write(wiring)
    controller.DATA.write(MODE_8086)


def poll(base: u64) -> u8:
    """Asks one controller, which takes the answer for an acknowledgement."""
    controller = mmio(Controller, base)
    controller.COMMAND.write(POLL)
    return controller.COMMAND.read()
