"""Escape: an optional, a result or a tuple on its way out holds what the stack holds."""
from __future__ import annotations

from enum import Enum

from metal import Array, Ptr, Slice, array, struct, u8, u32


class Failure(Enum):
    NONE_LEFT = 1


@struct
class Cell:
    n: u32 = 0


@struct
class Slot:
    value: Slice[u8] | None = None


slot: Slot = Slot()


def wrap(s: Slice[u8]) -> Slice[u8] | None:
    return s


def attack_by_optional() -> None:
    a: Array[u8] = array(4)
    slot.value = wrap(a)  # error: M211 stack


def checked(c: Ptr[Cell]) -> Ptr[Cell] | Failure:
    return c


def attack_by_result() -> Ptr[Cell] | Failure:
    c = Cell(1)
    r = checked(c)
    if isinstance(r, Failure):
        return r
    return r  # error: M210 stack


def pair(c: Ptr[Cell], d: Ptr[Cell]) -> tuple[Ptr[Cell], Ptr[Cell]]:
    return d, c


first: Cell = Cell()


def attack_by_tuple() -> Ptr[Cell]:
    c = Cell(1)
    a, b = pair(c, first)
    return b  # error: M210 stack


def by_iteration() -> Slice[u8] | None:
    rows: Array[Array[u8]] = array(2, 3)
    for row in rows:
        return row  # error: M210 stack
    return None


def by_condition(c: bool) -> Slice[u8]:
    a: Array[u8] = array(4)
    b: Array[u8] = array(4)
    return a if c else b  # error: M210 a lives on this stack  # error: M210 b lives on this stack
