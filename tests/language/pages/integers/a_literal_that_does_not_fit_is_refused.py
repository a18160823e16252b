"""A literal is checked against the type that it becomes."""
from metal import i8, u8, u32, u64


def f(a: u8) -> u8:
    b: u8 = 300  # error: M013 300 does not fit u8
    c: u8 = -1  # error: M013 -1 does not fit u8
    d: i8 = 128  # error: M013 128 does not fit i8
    e: u64 = 18446744073709551616  # error: M013 18446744073709551616 does not fit u64
    return a + 256  # error: M013 256 does not fit u8


def g(a: u32) -> bool:
    return a < 4294967296  # error: M013 4294967296 does not fit u32


def h() -> u8:
    return f(1000)  # error: M013 1000 does not fit u8
