"""A local bound to a number keeps its value when the place changes."""
# cpython
from metal import struct, u32


@struct
class Cell:
    value: u32 = 1


def raise_to(x: u32) -> u32:
    x += 10
    return x


def test_numbers_do_not_alias() -> None:
    c = Cell()
    before = c.value
    c.value = 2
    assert before == 1
    assert raise_to(c.value) == 12
    assert c.value == 2
