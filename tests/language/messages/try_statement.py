"""A common mistake: try statement."""

from metal import u32


def parse(n: u32) -> u32:
    try:
        return n
    except ValueError:
        return 0
