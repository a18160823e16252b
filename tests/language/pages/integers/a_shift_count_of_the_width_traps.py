"""A shift count that reaches the width, or is negative, traps."""
from metal import i32, u8, u16, u32, u64


def left8(x: u8, n: u8) -> u8:
    return x << n  # trap: shift


def right16(x: u16, n: u16) -> u16:
    return x >> n  # trap: shift


def left32(x: u32, n: u64) -> u32:
    return x << n  # trap: shift


def right64(x: u64, n: u64) -> u64:
    return x >> n  # trap: shift


def left_by_signed(x: u32, n: i32) -> u32:
    return x << n  # trap: shift


def test_the_last_good_count() -> None:
    assert left8(1, 7) == 128
    assert right16(65535, 15) == 1
    assert left32(1, 31) == 2147483648
    assert right64(18446744073709551615, 63) == 1
    assert left_by_signed(1, 31) == 2147483648


def trap_left8() -> None:
    assert left8(1, 8) == 0


def trap_right16() -> None:
    assert right16(1, 16) == 0


def trap_left32_by_a_count_that_would_vanish_when_narrowed() -> None:
    assert left32(1, 4294967296) == 1


def trap_right64() -> None:
    assert right64(1, 64) == 0


def trap_negative_count() -> None:
    assert left_by_signed(1, -1) == 0
