"""A wrapping number divides like an unsigned one; a zero divisor and a wide shift still trap."""
from metal import w8, w32, w64


def divide(a: w32, b: w32) -> w32:
    return a // b  # trap: division


def rest(a: w64, b: w64) -> w64:
    return a % b  # trap: division


def shift(a: w8, n: w8) -> w8:
    return a << n  # trap: shift


def test_values() -> None:
    assert divide(4294967295, 2) == 2147483647
    assert rest(18446744073709551615, 10) == 5
    assert shift(255, 4) == 240


def trap_divide() -> None:
    assert divide(1, 0) == 0


def trap_rest() -> None:
    assert rest(1, 0) == 0


def trap_shift() -> None:
    assert shift(1, 8) == 0
