"""`& | ^` act on bits and never trap; on signed numbers they agree with Python."""
# cpython
from metal import i8, i32, u8, u64


def mix(a: u8, b: u8) -> u8:
    return (a & b) | (a ^ b)


def low(a: i8, b: i8) -> i8:
    return a & b


def high(a: i32, b: i32) -> i32:
    return a ^ b


def join(a: u64, b: u64) -> u64:
    return a | b


def test_bits() -> None:
    assert mix(0b1100, 0b1010) == 0b1110
    assert low(-1, 0x55) == 0x55
    assert low(-128, -1) == -128
    assert high(-1, 0) == -1
    assert high(-1, -1) == 0
    assert join(0x8000000000000000, 1) == 0x8000000000000001
