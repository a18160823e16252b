"""A common mistake: missing result type."""

from metal import u32


def double(n: u32):
    return n * 2
