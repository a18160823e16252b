"""A negative index does not count from the end: it traps."""
from metal import Array, array, i8, i32, i64, u32

values: Array[u32] = array(4)


def read8(i: i8) -> u32:
    return values[i]  # trap: bounds


def read32(i: i32) -> u32:
    return values[i]  # trap: bounds


def read64(i: i64) -> u32:
    return values[i]  # trap: bounds


def test_a_signed_index_is_fine_when_it_is_inside() -> None:
    values[3] = 5
    assert read8(3) == 5
    assert read32(3) == 5
    assert read64(3) == 5


def trap_minus_one() -> None:
    assert read8(-1) == 0


def trap_i32() -> None:
    assert read32(-2147483648) == 0


def trap_i64() -> None:
    assert read64(-1) == 0
