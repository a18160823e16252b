"""Binding a name to a second construction leaves the first as it was."""
# cpython
from metal import struct, u32


@struct
class Cell:
    value: u32 = 0


def test_two_objects_under_one_name() -> None:
    a = Cell(1)
    first = a
    a = Cell(2)
    assert first.value == 1
    assert a.value == 2
    first.value = 10
    assert a.value == 2


def choose(c: bool) -> u32:
    t = Cell(3)
    if c:
        t = Cell(4)
    return t.value


def test_in_a_branch() -> None:
    assert choose(True) == 4
    assert choose(False) == 3
