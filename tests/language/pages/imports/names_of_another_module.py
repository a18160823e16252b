"""`from m import a` binds a function, a struct, a constant or a global of another module."""
from helpers.shapes import SIDES, Square, area, counter, next_count

from metal import u32


def test_everything() -> None:
    s = Square(3)
    assert area(s) == 9
    assert s.grown(2).side == 5
    assert SIDES == 4
    before: u32 = counter.n
    assert next_count() == before + 1
    assert counter.n == before + 1
