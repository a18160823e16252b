"""A local has one type for the whole function."""
from metal import U8, u8, u32


def f(a: u32, b: u8) -> u32:
    x = a
    x = b  # error: M010 u8 where u32 is wanted
    return x


def g(a: u32) -> u32:
    x: u32 = a
    x: u8 = 3  # error: M078 x
    return 0


def h(a: u32) -> u32:
    a = U8(3)  # error: M010 u8 where u32 is wanted
    return a
