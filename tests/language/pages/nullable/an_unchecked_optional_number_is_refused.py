"""The number inside `u32 | None` is reached only after None was excluded."""
from metal import u32


def find(x: u32) -> u32 | None:
    return None if x == 0 else x


def f(x: u32) -> u32:
    return find(x) + 1  # error: M020 None


def g(x: u32) -> u32:
    r = find(x)
    return r  # error: M020 None
