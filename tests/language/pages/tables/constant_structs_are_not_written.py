"""The records of a table are read-only, also when they are reached through a name."""
from __future__ import annotations

from metal import Array, Ptr, struct, table, u32


@struct
class Chip:
    number: u32 = 0


chips: Array[Chip] = table(Chip(7), Chip(9))


def f() -> None:
    chips[0].number = 3  # error: M055 read-only


def g() -> None:
    chip = chips[1]
    chip.number = 3  # error: M055 read-only


def h() -> None:
    for chip in chips:
        chip.number += 1  # error: M055 read-only


def write(c: Ptr[Chip]) -> None:
    c.number = 5


def i() -> None:
    write(chips[0])  # error: M055 read-only
