"""A constant that does not fit the type it meets is refused there, and constants are not assigned."""
from typing import Final

from metal import u8, u64

LARGE: Final = 1000
HUGE: Final = 1 << 64


def f() -> u8:
    return LARGE  # error: M013 1000 does not fit u8


def g() -> u64:
    return HUGE  # error: M013 18446744073709551616 does not fit u64


def h() -> u64:
    global LARGE
    LARGE = 5  # error: M057 Final
    return LARGE
