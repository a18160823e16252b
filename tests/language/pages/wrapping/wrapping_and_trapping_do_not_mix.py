"""A `w32` and a `u32` are two types: the one that is meant must be written."""
from metal import U32, W32, u8, u32, w32


def f(a: u32, b: w32) -> u32:
    return a + b  # error: M011 w32 where u32 is wanted


def g(a: u32) -> w32:
    return a  # error: M010 u32 where w32 is wanted


def h(a: w32) -> bool:
    return a < U32(1)  # error: M011 u32 where w32 is wanted


def i(a: u8, b: w32) -> w32:
    return b * W32(a)
