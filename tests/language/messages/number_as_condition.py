"""A common mistake: number as condition."""

from metal import u32


def count(n: u32) -> u32:
    while n:
        n -= 1
    return n
