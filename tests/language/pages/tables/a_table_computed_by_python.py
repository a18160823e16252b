"""`@comptime` functions are full Python that runs while compiling; `const` keeps what they return."""
# cpython
from metal import Array, comptime, const, u8, u32, u64


@comptime
def bit_counts() -> list[int]:
    return [bin(i).count("1") for i in range(256)]


@comptime
def largest(values: list[int]) -> int:
    return max(values, key=lambda v: v % 7)


@comptime
def squares(n: int) -> list[int]:
    return [i**2 for i in range(n)]


ones: Array[u8] = const(bit_counts())
square: Array[u32] = const(squares(10))
chosen: u64 = const(largest([1, 13, 22]))


def test_values() -> None:
    assert ones[0] == 0
    assert ones[255] == 8
    assert ones[0x55] == 4
    assert len(ones) == 256
    assert square[9] == 81
    assert chosen == 13
