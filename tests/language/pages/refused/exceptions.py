"""Errors are values: `try` and `raise` are refused."""
from metal import u32


def f(n: u32) -> u32:
    try:  # error: M002 try
        return n
    except ValueError:
        return 0


def g(n: u32) -> u32:
    if n == 3:
        raise ValueError  # error: M002 raise
    return n
