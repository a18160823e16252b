"""The number inside `u32 | None` is reached only after None was excluded."""
from metal import u32


def find(x: u32) -> u32 | None:
    return None if x == 0 else x


def f(x: u32) -> u32:
    return find(x) + 1  # error: None


def g(x: u32) -> u32:
    r = find(x)
    return r  # error: None
