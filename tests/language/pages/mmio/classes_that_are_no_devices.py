"""A device's class has registers at offsets, and nothing else."""
from typing import Final

from metal import Reg, at, mmio, struct, u32, u64

UNSAFE: Final = True


class Device:
    data: Reg[u32] = at(0)
    level: Reg[u32] = 3  # error: M075 register


class Other:
    name: Reg[str] = at(8)  # error: M075 number


@struct
class Plain:
    n: u32 = 0


def f(base: u64) -> None:
    mmio(Plain, base)  # error: M075 registers
