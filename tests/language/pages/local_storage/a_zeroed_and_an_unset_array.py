"""A local array starts as zeros; `init=False` leaves it unset for who writes it first."""
from metal import Array, array, u32, u64


def sum_of_zeros() -> u64:
    a: Array[u64] = array(16)
    total: u64 = 0
    for x in a:
        total += x
    return total


def squares(n: u32) -> u32:
    a: Array[u32] = array(8, init=False)
    for i in range(8):
        a[i] = U(i)
    return a[n]


def U(i: u64) -> u32:
    return 3 if i == 3 else 1


def test_zero() -> None:
    assert sum_of_zeros() == 0


def test_unset_then_written() -> None:
    assert squares(3) == 3
    assert squares(2) == 1
