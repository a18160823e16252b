"""A constant table of functions becomes a jump."""
# cpython
from collections.abc import Callable

from metal import Array, table, u32


def add(a: u32, b: u32) -> u32:
    return a + b


def multiply(a: u32, b: u32) -> u32:
    return a * b


def first(a: u32, b: u32) -> u32:
    return a if b != 999 else 0


operations: Array[Callable[[u32, u32], u32]] = table(add, multiply, first)


def run(n: u32, a: u32, b: u32) -> u32:
    return operations[n](a, b)


def test_each() -> None:
    assert run(0, 3, 4) == 7
    assert run(1, 3, 4) == 12
    assert run(2, 3, 4) == 3
    assert len(operations) == 3
