"""`OVERFLOW: Final = "wrap"` makes the arithmetic of one module wrap, after a measurement; all other checks stay."""
from typing import Final

from metal import Array, array, i8, i32, u8, u32

OVERFLOW: Final = "wrap"

values: Array[u32] = array(2)


def add(a: u8, b: u8) -> u8:
    return a + b


def multiply(a: i32, b: i32) -> i32:
    return a * b


def negate(a: i8) -> i8:
    return -a


def read(i: u32) -> u32:
    return values[i - 1]  # trap: bounds


def divide(a: u32, b: u32) -> u32:
    return a // b  # trap: division


def test_results_wrap() -> None:
    assert add(200, 100) == 44
    assert multiply(2147483647, 2) == -2
    assert multiply(65536, 65536) == 0
    assert negate(-128) == -128
    assert read(2) == 0


def trap_index() -> None:
    assert read(0) == 0


def trap_division() -> None:
    assert divide(1, 0) == 0
