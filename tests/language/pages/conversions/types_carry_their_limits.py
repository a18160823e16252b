"""`MAX`, `MIN` and `BITS` of a type are constants that fit it."""
from metal import I8, I64, U8, U16, U32, U64, W32, i8, i64, u8, u64


def test_limits() -> None:
    assert U8.MAX == 255
    assert U16.MAX == 65535
    assert U32.MAX == 4294967295
    assert U64.MAX == 18446744073709551615
    assert I8.MIN == -128
    assert I8.MAX == 127
    assert I64.MIN == -9223372036854775808
    assert U64.MIN == 0
    assert W32.MAX == 4294967295


def test_bits() -> None:
    assert U8.BITS == 8
    assert U64.BITS == 64
    assert W32.BITS == 32


def test_limits_as_values() -> None:
    a: u8 = U8.MAX
    b: i8 = I8.MIN
    c: u64 = U64.MAX
    d: i64 = I64.MIN
    assert a == 255
    assert b == -128
    assert c == 18446744073709551615
    assert d == -9223372036854775808
