"""A method is a function whose first parameter is the struct."""
# cpython
from __future__ import annotations

from collections.abc import Callable

from metal import Ptr, struct, u32


@struct
class Counter:
    n: u32 = 0

    def up(self, by: u32) -> None:
        self.n += by

    def down(self, by: u32) -> None:
        self.n -= by


def apply(f: Callable[[Ptr[Counter], u32], None], c: Counter, by: u32) -> None:
    f(c, by)


def test_methods() -> None:
    c = Counter(10)
    apply(Counter.up, c, 5)
    assert c.n == 15
    apply(Counter.down, c, 1)
    assert c.n == 14
