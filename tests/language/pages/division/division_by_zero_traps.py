"""A divisor of zero traps in every width, for `//` and `%`."""
from metal import i8, i64, u8, u64


def quotient_u8(a: u8, b: u8) -> u8:
    return a // b  # trap: division


def rest_u64(a: u64, b: u64) -> u64:
    return a % b  # trap: division


def quotient_i64(a: i64, b: i64) -> i64:
    return a // b  # trap: division


def rest_i8(a: i8, b: i8) -> i8:
    return a % b  # trap: division


def trap_quotient_u8() -> None:
    assert quotient_u8(1, 0) == 0


def trap_rest_u64() -> None:
    assert rest_u64(0, 0) == 0


def trap_quotient_i64() -> None:
    assert quotient_i64(-1, 0) == 0


def trap_rest_i8() -> None:
    assert rest_i8(-1, 0) == 0
