"""A common mistake: shift too far."""

from metal import u32


def top(n: u32) -> u32:
    return n >> 32
