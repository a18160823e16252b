"""There is no hidden storage behind a function: no lambda, no nested function, no bound method."""
from collections.abc import Callable

from metal import struct, u32


@struct
class Counter:
    n: u32 = 0

    def up(self) -> None:
        self.n += 1


def f(n: u32) -> Callable[[u32], u32]:
    return lambda x: x + n  # error: M002 lambda


def g(n: u32) -> u32:
    def inner(x: u32) -> u32:  # error: M002 nested
        return x + 1

    return n


def h(c: Counter) -> Callable[[], None]:
    return c.up  # error: M061 method
