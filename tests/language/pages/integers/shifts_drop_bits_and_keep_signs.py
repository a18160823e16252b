"""`<<` drops what leaves the width, `>>` keeps the sign; neither traps for a count below the width."""
from metal import i8, i32, i64, u8, u16, u32, u64


def left8(x: u8, n: u8) -> u8:
    return x << n


def left16(x: u16, n: u32) -> u16:
    return x << n


def left64(x: u64, n: u64) -> u64:
    return x << n


def right32(x: u32, n: u32) -> u32:
    return x >> n


def right_i8(x: i8, n: u8) -> i8:
    return x >> n


def right_i64(x: i64, n: u64) -> i64:
    return x >> n


def left_i32(x: i32, n: u32) -> i32:
    return x << n


def test_left() -> None:
    assert left8(1, 7) == 128
    assert left8(3, 7) == 128
    assert left8(255, 0) == 255
    assert left16(0x8001, 1) == 2
    assert left64(1, 63) == 9223372036854775808
    assert left64(3, 63) == 9223372036854775808


def test_right() -> None:
    assert right32(0x80000000, 31) == 1
    assert right32(1, 1) == 0
    assert right_i8(-128, 7) == -1
    assert right_i8(-1, 1) == -1
    assert right_i8(-7, 1) == -4
    assert right_i64(-9223372036854775808, 62) == -2


def test_left_of_a_signed_number_keeps_the_low_bits() -> None:
    assert left_i32(1, 30) == 1073741824
    assert left_i32(1, 31) == -2147483648
    assert left_i32(-1, 4) == -16
