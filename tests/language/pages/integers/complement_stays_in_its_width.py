"""`~x` flips the bits of the type's width, so an unsigned complement is `MAX - x`."""
from metal import i8, i64, u8, u16, u32, u64


def not8(x: u8) -> u8:
    return ~x


def not16(x: u16) -> u16:
    return ~x


def not32(x: u32) -> u32:
    return ~x


def not64(x: u64) -> u64:
    return ~x


def not_i8(x: i8) -> i8:
    return ~x


def not_i64(x: i64) -> i64:
    return ~x


def test_unsigned() -> None:
    assert not8(0) == 255
    assert not8(0x0F) == 0xF0
    assert not16(0) == 65535
    assert not32(0xFFFF0000) == 0x0000FFFF
    assert not64(0) == 18446744073709551615
    assert not64(1) == 18446744073709551614


def test_signed() -> None:
    assert not_i8(0) == -1
    assert not_i8(127) == -128
    assert not_i64(-9223372036854775808) == 9223372036854775807


def test_a_complement_is_compared_in_its_width() -> None:
    x: u8 = not8(1)
    assert ~x == 1
    assert ~x + 254 == 255
