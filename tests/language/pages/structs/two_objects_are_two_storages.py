"""Each construction is a storage of its own; defaults are not shared."""
# cpython
from metal import struct, u32


@struct
class Cell:
    value: u32 = 5


def test_independent() -> None:
    a = Cell()
    b = Cell()
    a.value = 9
    assert a.value == 9
    assert b.value == 5
    assert a is not b
    assert a is a
