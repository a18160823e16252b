"""An index is an integer of any width, not a bool and not a fraction."""
from metal import Array, array, f64, u32

values: Array[u32] = array(4)


def f(b: bool) -> u32:
    return values[b]  # error: M032 index


def g(x: f64) -> u32:
    return values[x]  # error: M032 index
