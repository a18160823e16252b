"""A slice's ends are checked once: unlike Python's, they are not clipped."""
from metal import Array, Slice, array, i32, u8, u64

values: Array[u8] = array(8)


def part(s: Slice[u8], a: u64, b: u64) -> u64:
    return len(s[a:b])  # trap: slice


def head(s: Slice[u8], n: u64) -> u64:
    return len(s[:n])  # trap: slice


def tail(s: Slice[u8], n: i32) -> u64:
    return len(s[n:])  # trap: slice


def test_inside() -> None:
    assert part(values, 0, 8) == 8
    assert part(values, 8, 8) == 0
    assert head(values, 0) == 0
    assert tail(values, 8) == 0


def trap_end_too_far() -> None:
    assert part(values, 0, 9) == 8


def trap_start_after_end() -> None:
    assert part(values, 5, 4) == 0


def trap_start_too_far() -> None:
    assert tail(values, 9) == 0


def trap_head() -> None:
    assert head(values, 18446744073709551615) == 8


def trap_negative_start() -> None:
    assert tail(values, -1) == 1


def trap_of_a_slice() -> None:
    assert part(values[2:4], 0, 3) == 3
