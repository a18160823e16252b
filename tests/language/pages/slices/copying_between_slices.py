"""`copy_from` copies the elements of a slice of the same length, also when the two overlap."""
from metal import Array, array, u8, u32

a: Array[u8] = array(8)


def number() -> None:
    n: u8 = 0
    for i in range(8):
        a[i] = n
        n += 1


def test_apart() -> None:
    number()
    a[0:3].copy_from(a[5:8])
    assert a[0] == 5
    assert a[2] == 7
    assert a[3] == 3


def test_overlapping() -> None:
    number()
    a[1:5].copy_from(a[0:4])
    assert a[0] == 0
    assert a[1] == 0
    assert a[4] == 3
    assert a[5] == 5
    number()
    a[0:4].copy_from(a[1:5])
    assert a[0] == 1
    assert a[3] == 4
    assert a[4] == 4


def copy_part(n: u32) -> None:
    a[0:4].copy_from(a[0:n])  # trap: slice


def test_equal_lengths() -> None:
    copy_part(4)


def trap_other_length() -> None:
    copy_part(3)
