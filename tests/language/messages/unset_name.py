"""A common mistake: unset name."""

from metal import i32


def sign(n: i32) -> i32:
    if n < 0:
        s: i32 = -1
    elif n > 0:
        s = 1
    return s
