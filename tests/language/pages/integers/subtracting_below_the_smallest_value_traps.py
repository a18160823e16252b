"""A difference below the smallest value of its type traps, for every width and sign."""
from metal import i8, i16, i32, i64, u8, u16, u32, u64


def sub_u8(a: u8, b: u8) -> u8:
    return a - b  # trap: overflow


def sub_u16(a: u16, b: u16) -> u16:
    return a - b  # trap: overflow


def sub_u32(a: u32, b: u32) -> u32:
    return a - b  # trap: overflow


def sub_u64(a: u64, b: u64) -> u64:
    return a - b  # trap: overflow


def sub_i8(a: i8, b: i8) -> i8:
    return a - b  # trap: overflow


def sub_i16(a: i16, b: i16) -> i16:
    return a - b  # trap: overflow


def sub_i32(a: i32, b: i32) -> i32:
    return a - b  # trap: overflow


def sub_i64(a: i64, b: i64) -> i64:
    return a - b  # trap: overflow


def trap_u8() -> None:
    assert sub_u8(0, 1) == 255


def trap_u16() -> None:
    assert sub_u16(3, 4) == 65535


def trap_u32() -> None:
    assert sub_u32(0, 4294967295) == 1


def trap_u64() -> None:
    assert sub_u64(0, 1) == 0


def trap_i8() -> None:
    assert sub_i8(-128, 1) == 127


def trap_i16() -> None:
    assert sub_i16(-32768, 1) == 0


def trap_i32() -> None:
    assert sub_i32(0, -2147483648) == 0


def trap_i64() -> None:
    assert sub_i64(-2, 9223372036854775807) == 0
