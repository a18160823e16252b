"""The smallest signed value over minus one leaves its type, so it traps; its rest is zero as in Python."""
from metal import i8, i32, i64


def quotient_i8(a: i8, b: i8) -> i8:
    return a // b  # trap: overflow


def quotient_i32(a: i32, b: i32) -> i32:
    return a // b  # trap: overflow


def quotient_i64(a: i64, b: i64) -> i64:
    return a // b  # trap: overflow


def negated(a: i64) -> i64:
    return a // -1  # trap: overflow


def rest_i64(a: i64, b: i64) -> i64:
    return a % b


def test_neighbours() -> None:
    assert quotient_i8(-127, -1) == 127
    assert quotient_i64(-9223372036854775807, -1) == 9223372036854775807
    assert negated(-5) == 5


def test_the_rest_is_zero() -> None:
    assert rest_i64(-9223372036854775808, -1) == 0


def trap_i8() -> None:
    assert quotient_i8(-128, -1) == 0


def trap_i32() -> None:
    assert quotient_i32(-2147483648, -1) == 0


def trap_i64() -> None:
    assert quotient_i64(-9223372036854775808, -1) == 0


def trap_constant_divisor() -> None:
    assert negated(-9223372036854775808) == 0
