"""Elements are copied by `copy` or a loop; a slice is not a place."""
from metal import Slice, u8, u32


def f(s: Slice[u8], t: Slice[u8]) -> None:
    s[0:2] = t  # error: M033 slice


def g(s: Slice[u8], t: Slice[u32]) -> None:
    s = t  # error: M010 where
