"""A file that is not Python is reported at the place where Python stops understanding it."""
from metal import u32


def f(n: u32) -> u32:
    return n +  # error: M001 invalid syntax
