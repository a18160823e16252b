"""A common mistake: wrong result."""

from metal import u32


def is_even(n: u32) -> bool:
    return n % 2
