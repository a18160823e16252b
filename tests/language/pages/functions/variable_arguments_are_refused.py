"""A function has a fixed list of parameters."""
from metal import u32


def f(*values: u32) -> u32:  # error: M002 *values
    return 0


def g(**values: u32) -> u32:  # error: M002 **values
    return 0
