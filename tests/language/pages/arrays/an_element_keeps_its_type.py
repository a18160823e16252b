"""An element takes only values of the element type."""
from metal import Array, array, u8, u32

values: Array[u8] = array(4)


def f(n: u32) -> None:
    values[0] = n  # error: M010 u32 where u8 is wanted
    values[1] = 256  # error: M013 256 does not fit u8
    values[2] = True  # error: M010 where u8 is wanted


def g(a: Array[u32]) -> u32:
    return a[0]


def h() -> u32:
    return g(values)  # error: M010 where
