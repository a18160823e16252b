"""A common mistake: power operator."""

from metal import u32


def square(n: u32) -> u32:
    return n**2
