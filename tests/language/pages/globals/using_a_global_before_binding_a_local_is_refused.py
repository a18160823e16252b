"""A name assigned in a function is a local everywhere in it."""
from metal import u32

count: u32 = 7


def f() -> u32:
    n = count  # error: M201 count may be unset here
    count = 3
    return n


def g() -> None:
    count += 1  # error: M201 count may be unset here
