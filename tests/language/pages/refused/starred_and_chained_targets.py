"""A target is one place: `*rest` and `a = b = c` are refused."""
from metal import Array, array, u32

values: Array[u32] = array(4)


def f() -> u32:
    a, *b = values  # error: *
    return 0


def g(n: u32) -> u32:
    a = b = n  # error: =
    return a
