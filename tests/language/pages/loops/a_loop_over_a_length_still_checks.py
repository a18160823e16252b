"""An index is only known to be inside while nothing changed it or the slice."""
from metal import Array, Slice, array, u32, u64

values: Array[u32] = array(4)


def moved_index(s: Slice[u32]) -> u32:
    total: u32 = 0
    for i in range(len(s)):
        i += 3
        total += s[i]  # trap: bounds
    return total


def shrinking_slice(s: Slice[u32]) -> u32:
    total: u32 = 0
    for i in range(len(s)):
        total += s[i]  # trap: bounds
        s = s[1:]
    return total


def other_length(a: Slice[u32], b: Slice[u32]) -> u32:
    total: u32 = 0
    for i in range(len(a)):
        total += b[i]  # trap: bounds
    return total


def moved_in_an_array() -> u32:
    total: u32 = 0
    for i in range(4):
        i = i + i
        total += values[i]  # trap: bounds
    return total


def longer_range(n: u64) -> u32:
    total: u32 = 0
    for i in range(n):
        total += values[i]  # trap: bounds
    return total


def test_inside() -> None:
    assert longer_range(4) == 0
    assert other_length(values[0:2], values) == 0


def trap_moved_index() -> None:
    assert moved_index(values) == 0


def trap_shrinking_slice() -> None:
    assert shrinking_slice(values) == 0


def trap_other_length() -> None:
    assert other_length(values, values[0:3]) == 0


def trap_moved_in_an_array() -> None:
    assert moved_in_an_array() == 0


def trap_longer_range() -> None:
    assert longer_range(5) == 0
