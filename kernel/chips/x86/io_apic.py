"""I/O APIC (Intel 82093AA): lines of devices, each with a vector and a CPU.

A masked line loses its edges. The old devices of a PC hold their lines until they are served, so these are levels.
"""

from __future__ import annotations

from typing import Final

from metal import U32, Reg, at, mmio, struct, u32, u64

UNSAFE: Final = True

VERSION: Final = 1
REDIRECTIONS: Final = 0x10

LEVEL: Final = 1 << 15
ACTIVE_LOW: Final = 1 << 13
MASKED: Final = 1 << 16


class Window:
    """Registers are reached by their number through one word."""

    SELECT: Reg[u32] = at(0)
    VALUE: Reg[u32] = at(0x10)


@struct
class IoApic:
    """One controller, and which lines are its own."""

    base: u64 = 0
    first: u32 = 0
    count: u32 = 0

    def read(self, register: u32) -> u32:
        window = mmio(Window, self.base)
        window.SELECT.write(register)
        return window.VALUE.read()

    def write(self, register: u32, value: u32) -> None:
        window = mmio(Window, self.base)
        window.SELECT.write(register)
        window.VALUE.write(value)

    def setup(self) -> None:
        """Counts the lines and masks every one."""
        self.count = (self.read(VERSION) >> 16 & 0xFF) + 1
        for line in range(self.count):
            self.write(REDIRECTIONS + 2 * line, MASKED)

    def has(self, line: u32) -> bool:
        return line >= self.first and line - self.first < self.count

    def configure(self, line: u32, vector: u32, edge: bool, low: bool, cpu: u32) -> None:
        """A masked line: its vector, how it speaks, and the number of the CPU that listens."""
        entry = REDIRECTIONS + 2 * (line - self.first)
        how = U32(0) if edge else U32(LEVEL)
        self.write(entry + 1, cpu << 24)
        self.write(entry, MASKED | vector | how | (ACTIVE_LOW if low else 0))

    def mask(self, line: u32) -> None:
        entry = REDIRECTIONS + 2 * (line - self.first)
        self.write(entry, self.read(entry) | MASKED)

    def unmask(self, line: u32) -> None:
        entry = REDIRECTIONS + 2 * (line - self.first)
        self.write(entry, self.read(entry) & ~U32(MASKED))
