"""Names of the language cannot be taken."""
from metal import u32

u32: u32 = 3  # error: M078 u32


def f(n: u32) -> u32:
    return n
