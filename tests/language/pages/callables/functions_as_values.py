"""A top-level function can be stored, passed and called."""
# cpython
from collections.abc import Callable

from metal import struct, u32, u64


def double(x: u64) -> u64:
    return x * 2


def square(x: u64) -> u64:
    return x * x


def apply(f: Callable[[u64], u64], x: u64) -> u64:
    return f(x)


def pick(c: bool) -> Callable[[u64], u64]:
    return double if c else square


@struct
class Handler:
    run: Callable[[u64], u64] | None = None
    calls: u32 = 0

    def call(self, x: u64) -> u64:
        self.calls += 1
        f = self.run
        if f is None:
            return 0
        return f(x)


def test_passing() -> None:
    assert apply(double, 7) == 14
    assert apply(square, 7) == 49
    assert pick(True)(5) == 10
    assert pick(False)(5) == 25


def test_storing() -> None:
    h = Handler()
    assert h.call(3) == 0
    h.run = square
    assert h.call(3) == 9
    h.run = double
    assert h.call(3) == 6
    assert h.calls == 3
