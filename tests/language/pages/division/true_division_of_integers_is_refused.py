"""`/` gives fractions in Python, so integers must say `//`."""
from metal import u32


def half(x: u32) -> u32:
    return x / 2  # error: M015 write //


def halve(x: u32) -> u32:
    x /= 2  # error: M015 write //
    return x
