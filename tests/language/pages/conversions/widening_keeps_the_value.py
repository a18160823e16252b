"""A conversion to a type that holds every value of the old one always succeeds."""
# cpython
from metal import I16, I32, I64, U16, U32, U64, i8, i64, u8, u32, u64


def up(x: u8) -> u64:
    return U64(U32(U16(x)))


def up_signed(x: i8) -> i64:
    return I64(I32(I16(x)))


def across(x: u32) -> i64:
    return I64(x)


def test_values() -> None:
    assert up(255) == 255
    assert up_signed(-128) == -128
    assert up_signed(127) == 127
    assert across(4294967295) == 4294967295
    assert across(4294967295) + 1 == 4294967296
