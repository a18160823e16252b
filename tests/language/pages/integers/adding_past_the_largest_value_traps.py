"""A sum above the largest value of its type traps, for every width and sign."""
from metal import i8, i16, i32, i64, u8, u16, u32, u64


def add_u8(a: u8, b: u8) -> u8:
    return a + b  # trap: overflow


def add_u16(a: u16, b: u16) -> u16:
    return a + b  # trap: overflow


def add_u32(a: u32, b: u32) -> u32:
    return a + b  # trap: overflow


def add_u64(a: u64, b: u64) -> u64:
    return a + b  # trap: overflow


def add_i8(a: i8, b: i8) -> i8:
    return a + b  # trap: overflow


def add_i16(a: i16, b: i16) -> i16:
    return a + b  # trap: overflow


def add_i32(a: i32, b: i32) -> i32:
    return a + b  # trap: overflow


def add_i64(a: i64, b: i64) -> i64:
    return a + b  # trap: overflow


def test_the_largest_value_itself_is_reached() -> None:
    assert add_u8(254, 1) == 255
    assert add_u16(65534, 1) == 65535
    assert add_u32(4294967294, 1) == 4294967295
    assert add_u64(18446744073709551614, 1) == 18446744073709551615
    assert add_i8(126, 1) == 127
    assert add_i16(32766, 1) == 32767
    assert add_i32(2147483646, 1) == 2147483647
    assert add_i64(9223372036854775806, 1) == 9223372036854775807


def trap_u8() -> None:
    assert add_u8(255, 1) == 0


def trap_u16() -> None:
    assert add_u16(65535, 1) == 0


def trap_u32() -> None:
    assert add_u32(4294967295, 1) == 0


def trap_u64() -> None:
    assert add_u64(18446744073709551615, 1) == 0


def trap_i8() -> None:
    assert add_i8(127, 1) == -128


def trap_i16() -> None:
    assert add_i16(32767, 1) == -32768


def trap_i32() -> None:
    assert add_i32(2147483647, 1) == 0


def trap_i64() -> None:
    assert add_i64(9223372036854775807, 1) == 0


def trap_i64_below() -> None:
    assert add_i64(-9223372036854775808, -1) == 0
