"""An index into a slice is checked against the slice's own length."""
from metal import Array, Slice, array, i32, u32

values: Array[u32] = array(8)


def read(s: Slice[u32], i: u32) -> u32:
    return s[i]  # trap: bounds


def write(s: Slice[u32], i: i32) -> None:
    s[i] = 5  # trap: bounds


def test_inside() -> None:
    write(values[2:5], 2)
    assert values[4] == 5
    assert read(values[4:], 0) == 5


def trap_just_outside() -> None:
    assert read(values[2:5], 3) == 0


def trap_in_an_empty_slice() -> None:
    assert read(values[8:], 0) == 0


def trap_negative() -> None:
    write(values, -1)
