"""Sorting in place: never more than n log n steps, no memory, no recursion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from metal import Slice, u64
from metal.library.ordering import Ordered

N = TypeVar("N", bound=Ordered)
T = TypeVar("T")

SHORT: Final = 16
"""Up to here insertion is quicker than a heap."""


def sort(values: Slice[N]) -> None:
    """Sort numbers upwards."""
    if len(values) <= SHORT:
        insertion_sort(values)
        return
    for start in range(len(values) // 2):
        sift(values, len(values) // 2 - 1 - start, len(values))
    for done in range(1, len(values)):
        last = len(values) - done
        values[0], values[last] = values[last], values[0]
        sift(values, 0, last)


def insertion_sort(values: Slice[N]) -> None:
    """Sort few numbers, or many that are nearly sorted, upwards."""
    for i in range(1, len(values)):
        value = values[i]
        j = i
        while j > 0 and values[j - 1] > value:
            values[j] = values[j - 1]
            j -= 1
        values[j] = value


def sift(values: Slice[N], start: u64, end: u64) -> None:
    """Let the value at start sink until no child in its heap is larger."""
    value = values[start]
    place = start
    child = 2 * place + 1
    while child < end:
        if child + 1 < end and values[child + 1] > values[child]:
            child += 1
        if values[child] <= value:
            break
        values[place] = values[child]
        place = child
        child = 2 * place + 1
    values[place] = value


def sort_by(values: Slice[T], before: Callable[[T, T], bool]) -> None:
    """Sort numbers or pointers so that `before(b, a)` holds for no a in front of b; equals keep their order.

    It is an insertion sort: for a few hundred elements, or more that are nearly sorted.
    """
    for i in range(1, len(values)):
        value = values[i]
        j = i
        while j > 0 and before(value, values[j - 1]):
            values[j] = values[j - 1]
            j -= 1
        values[j] = value
