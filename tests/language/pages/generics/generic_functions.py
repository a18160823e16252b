"""A generic function takes its types from its arguments."""
# cpython
from typing import TypeVar

from metal import Array, Slice, array, i16, u8, u64

T = TypeVar("T")


def swap(s: Slice[T], i: u64, j: u64) -> None:
    kept = s[i]
    s[i] = s[j]
    s[j] = kept


def reverse(s: Slice[T]) -> None:
    n: u64 = len(s)
    for i in range(n // 2):
        swap(s, i, n - 1 - i)


def choose(c: bool, a: T, b: T) -> T:
    return a if c else b


def test_two_element_types() -> None:
    a: Array[u8] = array(3)
    a[0] = 1
    a[1] = 2
    a[2] = 3
    reverse(a)
    assert a[0] == 3
    assert a[1] == 2
    assert a[2] == 1
    b: Array[i16] = array(2)
    b[0] = -5
    reverse(b)
    assert b[1] == -5


def test_scalars() -> None:
    x: u8 = 1
    y: u8 = 2
    assert choose(True, x, y) == 1
    assert choose(False, x, y) == 2
