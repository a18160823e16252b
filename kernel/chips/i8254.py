"""Intel 8254, the counter of the PC: of known speed, so that another one is measured against it at boot."""

from __future__ import annotations

from typing import Final

from metal import U64, Reg, at, mmio, u8, u64

UNSAFE: Final = True

RATE: Final = 1_193_182
"""Ticks a second."""
BASE: Final = 0x40

# Control words ("Control Word Format"). Counter 0, both bytes, round after round: with one round that ends, QEMU 7.2
# hangs under -icount. And: keep the present value for two reads.
COUNT_ROUNDS: Final = 0x34
KEEP: Final = 0x00
ROUND: Final = 0x1_0000


class Counter:
    """The registers that its first counter needs."""

    VALUE: Reg[u8] = at(0)
    CONTROL: Reg[u8] = at(3)


def start(ports: u64) -> None:
    """Begins to count, in rounds of 55 milliseconds, whose length is written as zero."""
    counter = mmio(Counter, ports + BASE)
    counter.CONTROL.write(COUNT_ROUNDS)
    counter.VALUE.write(0)
    counter.VALUE.write(0)


def read(ports: u64) -> u64:
    """How many ticks of the round have gone by."""
    counter = mmio(Counter, ports + BASE)
    counter.CONTROL.write(KEEP)
    low = U64(counter.VALUE.read())
    return (ROUND - (low | U64(counter.VALUE.read()) << 8)) % ROUND


def wait_for(ports: u64, ticks: u64) -> None:
    """Comes back when so many ticks of the first round have gone by."""
    while read(ports) < ticks:
        pass
