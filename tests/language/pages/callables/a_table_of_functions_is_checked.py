"""An operation number outside the table traps."""
from collections.abc import Callable

from metal import Array, table, u32


def one(a: u32) -> u32:
    return a + 1


operations: Array[Callable[[u32], u32]] = table(one, one)


def run(n: u32) -> u32:
    return operations[n](1)  # trap: bounds


def test_inside() -> None:
    assert run(1) == 2


def trap_outside() -> None:
    assert run(2) == 0
