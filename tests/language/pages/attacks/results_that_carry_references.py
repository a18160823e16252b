"""Escape: references leave inside a tuple, an optional or a result."""
from __future__ import annotations

from enum import Enum

from metal import Array, Ptr, Slice, array, struct, u8, u32


class Failure(Enum):
    GONE = 1


@struct
class Cell:
    n: u32 = 0


def in_a_tuple() -> tuple[Slice[u8], u32]:
    a: Array[u8] = array(4)
    return a, 3  # error: M210 stack


def in_an_optional(c: bool) -> Ptr[Cell] | None:
    t = Cell(1)
    if c:
        return t  # error: M210 stack
    return None


def in_a_result(c: bool) -> Ptr[Cell] | Failure:
    t = Cell(1)
    if c:
        return Failure.GONE
    return t  # error: M210 stack


def conditional(c: bool) -> Ptr[Cell] | None:
    t = Cell(1)
    return t if c else None  # error: M210 stack


def unpacked() -> Slice[u8]:
    a: Array[u8] = array(4)
    s, n = both(a)
    return s  # error: M210 stack


def both(s: Slice[u8]) -> tuple[Slice[u8], u32]:
    return s, 1
