"""Escape: what a function value does with its argument is not known, so a local is not given to one that could keep it."""
from __future__ import annotations

from collections.abc import Callable

from metal import Array, Ptr, struct, table, u32


@struct
class Cell:
    n: u32 = 0


kept: Ptr[Cell] | None = None


def keep(c: Ptr[Cell]) -> None:
    global kept
    kept = c


def apply(f: Callable[[Ptr[Cell]], None]) -> None:
    c = Cell(1)
    f(c)  # error: M212 stack


actions: Array[Callable[[Ptr[Cell]], None]] = table(keep)


def attack_through_a_table() -> None:
    c = Cell(1)
    actions[0](c)  # error: M212 stack


def pass_on(f: Callable[[Ptr[Cell]], None], c: Ptr[Cell]) -> None:
    f(c)


def attack_through_a_helper() -> None:
    c = Cell(1)
    pass_on(keep, c)  # error: M212 stack
