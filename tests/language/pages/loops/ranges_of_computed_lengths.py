"""A bound that is computed is arithmetic: `len(s) - 1` of an empty slice leaves its type and traps."""
from metal import Array, Slice, array, u32, u64

values: Array[u32] = array(4)


def is_sorted(s: Slice[u32]) -> bool:
    for i in range(len(s) - 1):  # trap: overflow
        if s[i] > s[i + 1]:
            return False
    return True


def count(s: Slice[u32], step: u64) -> u64:
    n: u64 = 0
    for i in range(0, len(s), 2):
        n += i * step
    return n


def test_more_than_nothing() -> None:
    assert is_sorted(values)
    assert is_sorted(values[:1])
    assert count(values, 10) == 20


def trap_nothing() -> None:
    assert is_sorted(values[:0])
