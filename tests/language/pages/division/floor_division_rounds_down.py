"""`//` and `%` are Python's: the quotient rounds down and the rest has the divisor's sign."""
# cpython
from metal import i8, i32, i64, u8, u64


def quotient(a: i32, b: i32) -> i32:
    return a // b


def rest(a: i32, b: i32) -> i32:
    return a % b


def quotient64(a: i64, b: i64) -> i64:
    return a // b


def rest64(a: i64, b: i64) -> i64:
    return a % b


def quotient8(a: i8, b: i8) -> i8:
    return a // b


def unsigned(a: u64, b: u64) -> u64:
    return a // b * 10 + a % b


def small(a: u8, b: u8) -> u8:
    return a % b


def test_signs() -> None:
    assert quotient(7, 2) == 3
    assert quotient(-7, 2) == -4
    assert quotient(7, -2) == -4
    assert quotient(-7, -2) == 3
    assert rest(7, 2) == 1
    assert rest(-7, 2) == 1
    assert rest(7, -2) == -1
    assert rest(-7, -2) == -1


def test_exact() -> None:
    assert quotient(-8, 2) == -4
    assert rest(-8, 2) == 0
    assert quotient(0, -5) == 0
    assert rest(0, -5) == 0


def test_edges() -> None:
    assert quotient64(-9223372036854775808, 2) == -4611686018427387904
    assert rest64(-9223372036854775808, 10) == 2
    assert rest64(9223372036854775807, -10) == -3
    assert quotient8(-128, 127) == -2
    assert unsigned(18446744073709551615, 10000000000000000000) == 8446744073709551625
    assert small(255, 16) == 15
