"""A common mistake: true division."""

from metal import u32


def half(n: u32) -> u32:
    return n / 2
