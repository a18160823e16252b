"""A literal has no width of its own: it takes the width of what it meets."""
# cpython
from metal import Array, array, i8, u8, u16, u64


def double(x: u16) -> u16:
    return 2 * x


def test_literals_meet_every_width() -> None:
    a: u8 = 7
    b: i8 = -7
    c: u64 = 0xFFFF_FFFF_FFFF_FFFF
    assert a + 1 == 8
    assert b - 1 == -8
    assert c - 0xFFFF_FFFF_FFFF_FFF0 == 15
    assert double(21) == 42
    assert 0 <= a <= 0b111
    assert a != 0o10


def test_a_literal_as_an_element() -> None:
    x: Array[u8] = array(3)
    x[0] = 255
    x[1] = 1
    assert x[0] - x[1] == 254
