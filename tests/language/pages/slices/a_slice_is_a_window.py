"""A slice is a pointer and a length: it shows an array's elements, and writes reach the array."""
from metal import Array, Slice, array, u8, u64


def raise_all(s: Slice[u8]) -> None:
    for i in range(len(s)):
        s[i] += 1


def count(s: Slice[u8]) -> u64:
    n: u64 = 0
    for _ in s:
        n += 1
    return n


def test_an_array_passes_as_a_slice() -> None:
    a: Array[u8] = array(5)
    raise_all(a)
    assert a[0] == 1
    assert a[4] == 1
    assert count(a) == 5


def test_a_part() -> None:
    a: Array[u8] = array(6)
    raise_all(a[2:4])
    assert a[1] == 0
    assert a[2] == 1
    assert a[3] == 1
    assert a[4] == 0


def test_forms_of_slicing() -> None:
    a: Array[u8] = array(6)
    n: u8 = 0
    for i in range(6):
        a[i] = n
        n += 1
    s = a[1:5]
    assert len(s) == 4
    assert s[0] == 1
    assert len(s[2:]) == 2
    assert s[2:][0] == 3
    assert len(s[:2]) == 2
    assert len(s[:]) == 4
    assert len(s[4:]) == 0
    assert len(s[2:2]) == 0
    assert s[1:3][1] == 3
