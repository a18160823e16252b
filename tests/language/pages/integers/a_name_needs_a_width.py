"""A local made from a bare literal has no width yet, so it must be declared."""
from metal import u64


def f() -> u64:
    x = 0  # error: M012 what width has x
    return x


def g() -> u64:
    y: u64 = 0
    return y
