"""`N: Final = 64` is a number of any size; it takes a width where it is used."""
# cpython
from typing import Final

from metal import Array, array, i8, u8, u64

SIZE: Final = 16
DOUBLE: Final = SIZE * 2
HUGE: Final = 1 << 80
REST: Final = HUGE >> 76
NEGATIVE: Final = -5
FLOOR: Final = -7 // 2
MASK: Final = ~0 & 0xFF
NAMED: Final = 0xFFFF_FFFF_FFFF_FFFF
buffer: Array[u8] = array(SIZE)


def test_folding_is_exact() -> None:
    a: u8 = DOUBLE
    assert a == 32
    b: u64 = REST
    assert b == 16
    c: i8 = NEGATIVE
    assert c == -5
    assert FLOOR == -4
    d: u8 = MASK
    assert d == 255
    e: u64 = NAMED
    assert e == 18446744073709551615
    assert len(buffer) == 16


def test_a_constant_meets_several_widths() -> None:
    x: u8 = SIZE
    y: u64 = SIZE
    assert x == 16
    assert y == 16
