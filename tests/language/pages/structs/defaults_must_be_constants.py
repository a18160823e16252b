"""A field's default is storage's first content, so it must be known while compiling."""
from metal import struct, u32, u8


def five() -> u32:
    return 5


@struct
class Bad:
    a: u32 = five()  # error: constant
    b: u8 = 300  # error: 300 does not fit u8
