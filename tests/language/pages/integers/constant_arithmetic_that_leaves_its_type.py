"""Typed constants are computed while compiling, and a result that leaves the type is refused there."""
from metal import I8, U8, U32, i8, u8, u32


def f() -> u8:
    return U8(200) + U8(100)  # error: M019 300 does not fit u8


def g() -> u32:
    return U32(3) - U32(4)  # error: M019 -1 does not fit u32


def h() -> i8:
    return -I8(-128)  # error: M019 128 does not fit i8
