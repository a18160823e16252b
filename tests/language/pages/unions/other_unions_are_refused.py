"""A union is a pointer or a value with None or with errors; other unions have no single layout."""
from metal import u8, u32, u64


def f(x: u8 | u32) -> u64:  # error: M071 |
    return 0


def g(x: str | u32) -> u64:  # error: M071 |
    return 0
