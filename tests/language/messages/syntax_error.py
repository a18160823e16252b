"""A common mistake: syntax error."""

from metal import u32


def run(n: u32) -> u32:
    if n == 3
        return 1
    return 0
