"""A number, a struct or a constant cannot be called."""
from __future__ import annotations

from typing import Final

from metal import Ptr, struct, u32

SIZE: Final = 4


@struct
class Cell:
    n: u32 = 0


def f(n: u32) -> u32:
    return n(3)  # error: M062 cannot be called


def g(c: Ptr[Cell]) -> u32:
    return c.n(1)  # error: M062 cannot be called
