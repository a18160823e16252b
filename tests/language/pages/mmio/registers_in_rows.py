"""`at(offset, count)` is a row of registers, whose index is checked."""
# machine
from typing import Final

from metal import Array, Reg, addr_of, array, at, mmio, u32, u64

UNSAFE: Final = True

memory: Array[u32] = array(16)


class Distributor:
    control: Reg[u32] = at(0x00)
    enable: Array[Reg[u32]] = at(0x10, 4)


def enable(base: u64, i: u32) -> None:
    d = mmio(Distributor, base)
    d.enable[i].write(7)  # trap: bounds


def test_a_row() -> None:
    enable(addr_of(memory), 0)
    enable(addr_of(memory), 3)
    assert memory[4] == 7
    assert memory[5] == 0
    assert memory[7] == 7


def trap_outside() -> None:
    enable(addr_of(memory), 4)
