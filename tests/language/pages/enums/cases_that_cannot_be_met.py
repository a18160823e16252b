"""A case that an earlier one took, a pattern of another kind, and a subject that has no cases are refused."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Cell:
    n: u32 = 0


def taken(code: u32) -> u32:
    match code:
        case 1 | 2:
            return 10
        case 2:  # error: M045 an earlier case takes this value
            return 20
        case _:
            return 0


def after_all(code: u32) -> u32:
    match code:
        case _:
            return 0
        case 2:  # error: M045 every value
            return 20


def sequence(code: u32) -> u32:
    match code:
        case [1]:  # error: M044 pattern
            return 1
        case _:
            return 0


def of_a_struct(c: Ptr[Cell]) -> u32:
    match c:  # error: M044 match on
        case _:
            return 0
