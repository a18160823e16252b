"""A common mistake: constant division by zero."""

from metal import u32


def run(n: u32) -> u32:
    return n // 0
