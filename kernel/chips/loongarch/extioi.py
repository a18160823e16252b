"""The extended I/O interrupt controller of Loongson 3A5000 CPUs: 256 vectors, each for one CPU.

Its registers are IOCSRs of the CPU ("Extended I/O Interrupt", Loongson 3A5000 Processor Reference Manual, 11.2). A
vector is raised by a message, stays pending at its CPU until that clears it, and comes again with the next message.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.loongarch64 import registers
from metal import U32, U64, trailing_zeros, u32, u64

VECTORS: Final = 256
WORDS: Final = 8

# Each register below is a word for 32 vectors; ROUTES and GROUPS have a byte for each vector or each 32 of them.
GROUPS: Final = 0x14C0
ENABLED: Final = 0x1600
PENDING: Final = 0x1800
ROUTES: Final = 0x1C00

FIRST_INPUT: Final = 0x0101_0101
"""For four groups: the first of the CPU's eight hardware interrupts."""


def setup() -> None:
    """No vector is enabled, and all of them come to the same input of a CPU."""
    for word in range(U64(WORDS)):
        registers.write_io(ENABLED + word * 4, 0)
    for word in range(U64(WORDS // 4)):
        registers.write_io(GROUPS + word * 4, FIRST_INPUT)


def route(vector: u32, hardware: u64) -> None:
    """The vector comes to this CPU alone, and is enabled."""
    at = ROUTES + U64(vector // 4) * 4
    shift = U64(vector % 4 * 8)
    registers.write_io(at, registers.read_io(at) & ~(U64(0xFF) << shift) & 0xFFFF_FFFF | U64(1) << hardware << shift)
    at = ENABLED + U64(vector // 32) * 4
    registers.write_io(at, registers.read_io(at) & 0xFFFF_FFFF | U64(1) << U64(vector % 32))


def take() -> u32:
    """The lowest vector that is pending at this CPU, which is pending no more; VECTORS when there is none."""
    for word in range(U64(WORDS)):
        pending = registers.read_io(PENDING + word * 4) & 0xFFFF_FFFF
        if pending != 0:
            bit = trailing_zeros(pending)
            registers.write_io(PENDING + word * 4, U64(1) << bit)
            return U32(word * 32 + bit)
    return VECTORS
