"""A reference to a local cannot be put where it would be found later."""
from __future__ import annotations

from metal import Array, Ptr, View, array, struct, u8, u32


@struct
class Cell:
    value: u32 = 0
    next: Ptr[Cell] | None = None


@struct
class Window:
    view: View[u8] = b""


kept: Ptr[Cell] | None = None
first: Cell = Cell()
window: Window = Window()
slots: Array[Ptr[Cell] | None] = array(4)


def in_a_global() -> None:
    global kept
    t = Cell()
    kept = t  # error: M211 t lives on this stack


def in_a_field_of_a_global() -> None:
    t = Cell()
    first.next = t  # error: M211 t lives on this stack


def in_a_field_of_a_parameter(c: Ptr[Cell]) -> None:
    t = Cell()
    c.next = t  # error: M211 t lives on this stack


def in_an_element(i: u32) -> None:
    t = Cell()
    slots[i] = t  # error: M211 t lives on this stack


def as_a_slice() -> None:
    a: Array[u8] = array(4)
    window.view = a[0:2]  # error: M211 a lives on this stack
