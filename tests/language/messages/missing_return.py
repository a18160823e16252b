"""A common mistake: missing return."""

from metal import i32


def sign(n: i32) -> i32:
    if n < 0:
        return -1
    if n > 0:
        return 1
