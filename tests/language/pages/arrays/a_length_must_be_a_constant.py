"""The length of inline storage is known while compiling."""
from metal import Array, array, u32, u64

SIZE = 4  # error: M070 Final


def f(n: u64) -> u32:
    a: Array[u32] = array(n)  # error: M091 constant
    return a[0]


def g() -> u32:
    a: Array[u32] = array(0)  # error: M073 0
    return 1
