"""A common mistake: list literal."""

from metal import u32


def total() -> u32:
    values = [1, 2, 3]
    return 3
