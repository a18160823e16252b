"""What lives on this stack ends with the function, so a reference to it cannot leave."""
from __future__ import annotations

from metal import Array, Ptr, Slice, array, struct, u8, u32


@struct
class Cell:
    value: u32 = 0
    bytes: Array[u8] = array(4)


def make() -> Ptr[Cell]:
    t = Cell(1)
    return t  # error: M210 t lives on this stack


def make_at_once() -> Ptr[Cell]:
    return Cell(1)  # error: M210 stack


def part() -> Slice[u8]:
    t = Cell(1)
    return t.bytes  # error: M210 t lives on this stack


def slice() -> Slice[u8]:
    a: Array[u8] = array(8)
    return a[2:4]  # error: M210 a lives on this stack


def through_another_name() -> Ptr[Cell]:
    t = Cell(1)
    u = t
    return u  # error: M210 stack
