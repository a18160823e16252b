"""A product outside its type traps, for every width and sign."""
from metal import i8, i16, i32, i64, u8, u16, u32, u64


def mul_u8(a: u8, b: u8) -> u8:
    return a * b  # trap: overflow


def mul_u16(a: u16, b: u16) -> u16:
    return a * b  # trap: overflow


def mul_u32(a: u32, b: u32) -> u32:
    return a * b  # trap: overflow


def mul_u64(a: u64, b: u64) -> u64:
    return a * b  # trap: overflow


def mul_i8(a: i8, b: i8) -> i8:
    return a * b  # trap: overflow


def mul_i16(a: i16, b: i16) -> i16:
    return a * b  # trap: overflow


def mul_i32(a: i32, b: i32) -> i32:
    return a * b  # trap: overflow


def mul_i64(a: i64, b: i64) -> i64:
    return a * b  # trap: overflow


def trap_u8() -> None:
    assert mul_u8(16, 16) == 0


def trap_u16() -> None:
    assert mul_u16(256, 256) == 0


def trap_u16_just_above_what_a_c_int_holds() -> None:
    assert mul_u16(65535, 65535) == 1


def trap_u32() -> None:
    assert mul_u32(65536, 65536) == 0


def trap_u64() -> None:
    assert mul_u64(4294967296, 4294967296) == 0


def trap_i8_smallest_by_minus_one() -> None:
    assert mul_i8(-128, -1) == 0


def trap_i16() -> None:
    assert mul_i16(-200, 200) == 0


def trap_i32() -> None:
    assert mul_i32(-2147483648, -1) == 0


def trap_i64() -> None:
    assert mul_i64(-9223372036854775808, -1) == 0
