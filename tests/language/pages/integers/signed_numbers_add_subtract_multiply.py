"""Signed integers of every width compute what Python computes while the value fits."""
# cpython
from metal import i8, i16, i32, i64


def add8(a: i8, b: i8) -> i8:
    return a + b


def sub16(a: i16, b: i16) -> i16:
    return a - b


def mul32(a: i32, b: i32) -> i32:
    return a * b


def mul64(a: i64, b: i64) -> i64:
    return a * b


def test_values_inside_the_type() -> None:
    assert add8(-100, -28) == -128
    assert add8(100, 27) == 127
    assert sub16(-32768, -1) == -32767
    assert mul32(-65536, 32768) == -2147483648
    assert mul64(-4294967296, 2147483648) == -9223372036854775808
    assert mul64(-1, 9223372036854775807) == -9223372036854775807
