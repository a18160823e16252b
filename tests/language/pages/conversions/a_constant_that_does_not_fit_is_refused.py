"""A conversion of a constant is decided while compiling."""
from metal import I8, U8, U16, U64, u8


def f() -> u8:
    a = U8(256)  # error: M013 256 does not fit u8
    b = U16(-1)  # error: M013 -1 does not fit u16
    c = I8(200)  # error: M013 200 does not fit i8
    d = U64(1 << 64)  # error: M013 18446744073709551616 does not fit u64
    return U8(255)
