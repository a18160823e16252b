"""What follows from a mistake is not reported again."""
from metal import u32


def unknown(a: u32) -> u32:
    x = missing(a)  # error: M003 missing
    y = x + 1
    if y > 3:
        return y
    return x


def wrong_type(a: Missing, b: u32) -> u32:  # error: M003 Missing
    c = a + b
    return c


def user(b: u32) -> u32:
    return wrong_type(b, b)
