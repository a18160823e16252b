"""A table may hold structs: constant records that are found by their number."""
# cpython
from __future__ import annotations

from metal import Array, Ptr, struct, table, u8, u32


@struct
class Chip:
    number: u32 = 0
    lines: u8 = 1
    fast: bool = False


chips: Array[Chip] = table(Chip(7, 8), Chip(9, fast=True), Chip(12, 16, True))


def find(number: u32) -> Ptr[Chip] | None:
    for chip in chips:
        if chip.number == number:
            return chip
    return None


def test_records() -> None:
    assert len(chips) == 3
    assert chips[1].lines == 1
    assert chips[1].fast
    chip = find(12)
    assert chip is not None
    assert chip.lines == 16
    assert find(8) is None
