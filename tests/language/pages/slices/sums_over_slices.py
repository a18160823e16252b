"""Iteration visits each element once, in order."""
# cpython
from metal import U64, Array, Slice, array, u32, u64


def total(s: Slice[u32]) -> u64:
    sum: u64 = 0
    for x in s:
        sum += U64(x)
    return sum


def weighted(s: Slice[u32]) -> u64:
    sum: u64 = 0
    weight: u64 = 1
    for x in s:
        sum += U64(x) * weight
        weight *= 10
    return sum


def test_values() -> None:
    a: Array[u32] = array(4)
    a[0] = 4294967295
    a[1] = 4294967295
    a[2] = 1
    assert total(a) == 8589934591
    a[0] = 1
    a[1] = 2
    a[2] = 3
    a[3] = 4
    assert weighted(a) == 4321
