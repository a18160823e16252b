"""A field takes only values of its own type."""
from metal import struct, u8, u32, u64


@struct
class Record:
    small: u8 = 0
    large: u64 = 0
    flag: bool = False


def f(r: Record, n: u32) -> None:
    r.small = n  # error: M010 u32 where u8 is wanted
    r.large = n  # error: M010 u32 where u64 is wanted
    r.small = 256  # error: M013 256 does not fit u8
    r.flag = 1  # error: M010 where bool is wanted
    r.small += 1
