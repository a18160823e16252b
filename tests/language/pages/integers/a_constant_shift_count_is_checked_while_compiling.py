"""A constant shift count outside the width is refused."""
from metal import u8, u32, u64


def f(a: u8, b: u32, c: u64) -> u64:
    x = a << 8  # error: M017 shift by 8 of u8
    y = b >> 32  # error: M017 shift by 32 of u32
    z = c << 64  # error: M017 shift by 64 of u64
    return c >> 63
