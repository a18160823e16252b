"""A common mistake: unreachable code."""

from metal import u32


def double(n: u32) -> u32:
    return n * 2
    print("done")
