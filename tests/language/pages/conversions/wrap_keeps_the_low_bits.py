"""`U8.wrap(x)` keeps the low bits of the value and never traps."""
from metal import I8, I32, I64, U8, U32, U64, i8, i64, u8, u64


def low(x: u64) -> u8:
    return U8.wrap(x)


def signed_low(x: u64) -> i8:
    return I8.wrap(x)


def unsigned(x: i64) -> u64:
    return U64.wrap(x)


def signed(x: u64) -> i64:
    return I64.wrap(x)


def test_bits() -> None:
    assert low(0x1234) == 0x34
    assert low(256) == 0
    assert signed_low(0x80) == -128
    assert signed_low(0xFF) == -1
    assert signed_low(0x17F) == 127
    assert unsigned(-1) == 18446744073709551615
    assert signed(18446744073709551615) == -1
    assert signed(9223372036854775808) == -9223372036854775808


def test_between_narrow_types() -> None:
    x: u64 = 0xDEADBEEF
    assert U32.wrap(x) == 0xDEADBEEF
    assert I32.wrap(x) == -559038737
