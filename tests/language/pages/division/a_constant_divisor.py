"""A constant divisor needs no check at run time and gives the same values."""
# cpython
from metal import i32, u32


def thirds(x: i32) -> i32:
    return x // 3


def minus_thirds(x: i32) -> i32:
    return x // -3


def digit(x: u32) -> u32:
    return x % 10


def negative_rest(x: i32) -> i32:
    return x % -10


def test_values() -> None:
    assert thirds(10) == 3
    assert thirds(-10) == -4
    assert minus_thirds(10) == -4
    assert minus_thirds(-10) == 3
    assert digit(4294967295) == 5
    assert negative_rest(7) == -3
    assert negative_rest(-7) == -7
    assert negative_rest(20) == 0
