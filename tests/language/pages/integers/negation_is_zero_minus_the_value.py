"""`-x` is `0 - x`: it traps for the smallest signed value and for any unsigned value but zero."""
from metal import i8, i64, u8, u64


def negate_i8(x: i8) -> i8:
    return -x  # trap: overflow


def negate_i64(x: i64) -> i64:
    return -x  # trap: overflow


def negate_u8(x: u8) -> u8:
    return -x  # trap: overflow


def negate_u64(x: u64) -> u64:
    return -x  # trap: overflow


def test_what_has_a_negative() -> None:
    assert negate_i8(127) == -127
    assert negate_i8(-127) == 127
    assert negate_i64(-9223372036854775807) == 9223372036854775807
    assert negate_u8(0) == 0
    assert negate_u64(0) == 0


def trap_i8() -> None:
    assert negate_i8(-128) == -128


def trap_i64() -> None:
    assert negate_i64(-9223372036854775808) == 0


def trap_u8() -> None:
    assert negate_u8(1) == 255


def trap_u64() -> None:
    assert negate_u64(1) == 0
