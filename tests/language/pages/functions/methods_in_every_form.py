"""A method may be called on a result, through its class, in a chain, and with defaults that are constants of any kind."""
# cpython
from __future__ import annotations

from enum import IntEnum
from typing import Final

from metal import U32, Ptr, struct, u32

STEP: Final = 3


class Mode(IntEnum):
    SLOW = 1
    FAST = 2


@struct
class Counter:
    n: u32 = 0

    def add(self, by: u32 = STEP, mode: Mode = Mode.FAST, other: Ptr[Counter] | None = None) -> Counter:
        self.n += by * U32(mode)
        if other is not None:
            self.n += other.n
        return self

    def nothing(self) -> None:
        """A body may be only words."""

    def also_nothing(self) -> None: ...


counter: Counter = Counter()


def the_counter() -> Counter:
    return counter


def test_forms() -> None:
    counter.n = 0
    assert counter.add().n == 6
    assert counter.add(1, Mode.SLOW).add(by=2).n == 11
    assert Counter.add(counter, 1).n == 13
    assert the_counter().add(0, other=counter).n == 26
    counter.nothing()
    counter.also_nothing()
