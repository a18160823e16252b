"""A slice is a stretch of neighbours: it has no step and no negative end."""
from metal import Slice, u8


def f(s: Slice[u8]) -> Slice[u8]:
    return s[::2]  # error: M033 step


def g(s: Slice[u8]) -> Slice[u8]:
    return s[:-1]  # error: M031 negative
