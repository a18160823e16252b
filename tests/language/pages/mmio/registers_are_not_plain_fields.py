"""A register is read and written by name, and needs a module that declares its power."""
from metal import Reg, at, mmio, u32, u64


class Device:
    data: Reg[u32] = at(0)


def f(base: u64) -> u32:
    d = mmio(Device, base)  # error: M080 UNSAFE
    return 0


def g(d: Device, n: u64) -> u32:
    d.data = 3  # error: M057 write
    d.data.write(n)  # error: M010 u64 where u32 is wanted
    return d.data + 1  # error: M010 Reg
