"""A local `Final` is folded like a global one."""
# cpython
from typing import Final

from metal import Array, array, u16


def sum_of_four() -> u16:
    count: Final = 4
    a: Array[u16] = array(count)
    for i in range(count):
        a[i] = 3
    total: u16 = 0
    for x in a:
        total += x
    return total


def test_value() -> None:
    assert sum_of_four() == 12
