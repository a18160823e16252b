"""Finding values in slices and bytes in bytes."""

from __future__ import annotations

from typing import TypeVar

from metal import View, u8, u64
from metal.library.ordering import Ordered

N = TypeVar("N", bound=Ordered)


def find(values: View[N], value: N) -> u64 | None:
    """The first index at which a value stands."""
    for i in range(len(values)):
        if values[i] == value:
            return i
    return None


def lower_bound(values: View[N], value: N) -> u64:
    """In sorted values, the first index whose value is not below the given one; the length when there is none."""
    low: u64 = 0
    high: u64 = len(values)
    while low < high:
        middle = low + (high - low) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


def binary_search(values: View[N], value: N) -> u64 | None:
    """In sorted values, the first index at which a value stands."""
    place = lower_bound(values, value)
    if place < len(values) and values[place] == value:
        return place
    return None


def equal(a: View[N], b: View[N]) -> bool:
    """Whether two runs have the same length and the same values."""
    if len(a) != len(b):
        return False
    for i in range(len(a)):
        if a[i] != b[i]:
            return False
    return True


def starts_with(data: View[u8], prefix: View[u8]) -> bool:
    return len(prefix) <= len(data) and equal(data[: len(prefix)], prefix)


def find_bytes(data: View[u8], wanted: View[u8]) -> u64 | None:
    """The first index at which a run of bytes stands; an empty run stands at 0."""
    if len(wanted) > len(data):
        return None
    for start in range(len(data) - len(wanted) + 1):
        if equal(data[start : start + len(wanted)], wanted):
            return start
    return None
