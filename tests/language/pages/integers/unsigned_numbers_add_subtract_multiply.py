"""Unsigned integers of every width compute what Python computes while the value fits."""
# cpython
from metal import u8, u16, u32, u64


def add8(a: u8, b: u8) -> u8:
    return a + b


def sub16(a: u16, b: u16) -> u16:
    return a - b


def mul32(a: u32, b: u32) -> u32:
    return a * b


def mul64(a: u64, b: u64) -> u64:
    return a * b


def test_values_inside_the_type() -> None:
    assert add8(200, 55) == 255
    assert sub16(40000, 39999) == 1
    assert sub16(7, 7) == 0
    assert mul32(65535, 65537) == 4294967295
    assert mul64(4294967296, 4294967295) == 18446744069414584320


def test_products_of_small_types_do_not_pass_through_a_signed_int() -> None:
    assert mul32(65535, 65535) == 4294836225
