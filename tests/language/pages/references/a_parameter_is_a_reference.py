"""What a function does to a struct that it was given, its caller sees."""
# cpython
from metal import struct, u32


@struct
class Cell:
    value: u32 = 0


@struct
class Pair:
    left: Cell = Cell(1)
    right: Cell = Cell(2)


def set_to(c: Cell, n: u32) -> None:
    c.value = n


def swap(a: Cell, b: Cell) -> None:
    kept = a.value
    a.value = b.value
    b.value = kept


def test_the_caller_sees_it() -> None:
    c = Cell()
    set_to(c, 42)
    assert c.value == 42


def test_a_part_can_be_given() -> None:
    p = Pair()
    swap(p.left, p.right)
    assert p.left.value == 2
    assert p.right.value == 1


def test_the_same_object_twice() -> None:
    p = Pair()
    swap(p.left, p.left)
    assert p.left.value == 1
