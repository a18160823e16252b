"""A field's default is storage's first content, so it must be known while compiling."""
from metal import struct, u32, u8


def five() -> u32:
    return 5


@struct
class Bad:
    a: u32 = five()  # error: M091 constant
    b: u8 = 300  # error: M013 300 does not fit u8
