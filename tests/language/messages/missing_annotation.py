"""A common mistake: missing annotation."""

from metal import u32


def double(n) -> u32:
    return n * 2
