"""A struct, a constant, a global and functions, for the pages about imports."""

from __future__ import annotations

from typing import Final

from metal import struct, u32

SIDES: Final = 4


@struct
class Square:
    side: u32 = 1

    def grown(self, by: u32) -> Square:
        self.side += by
        return self


@struct
class Counter:
    n: u32 = 0


counter: Counter = Counter()


def area(s: Square) -> u32:
    return s.side * s.side


def next_count() -> u32:
    counter.n += 1
    return counter.n
