"""A device is a class of registers at offsets; each read or write is one access of that width."""
# machine
from typing import Final

from metal import Array, Reg, addr_of, array, at, mmio, u8, u32, u64

UNSAFE: Final = True

memory: Array[u32] = array(16)


class Device:
    data: Reg[u32] = at(0x00)
    status: Reg[u32] = at(0x08)
    byte: Reg[u8] = at(0x0C)
    wide: Reg[u64] = at(0x10)


def test_each_width() -> None:
    d = mmio(Device, addr_of(memory))
    d.data.write(0x12345678)
    assert memory[0] == 0x12345678
    assert memory[1] == 0
    d.status.write(d.data.read() + 1)
    assert memory[2] == 0x12345679
    d.byte.write(0xAB)
    assert memory[3] == 0xAB
    d.wide.write(0x1_0000_0002)
    assert d.wide.read() == 0x1_0000_0002
    assert d.byte.read() == 0xAB
