"""A constant index outside the array, or a negative one, is refused."""
from metal import Array, array, u32

values: Array[u32] = array(4)


def f() -> u32:
    values[4] = 1  # error: M030 index 4 outside 0..3
    return values[9]  # error: M030 index 9 outside 0..3


def g() -> u32:
    return values[-1]  # error: M031 index -1


def h() -> u32:
    a: Array[u32] = array(2)
    a[2] = 1  # error: M030 index 2 outside 0..1
    return a[1]
