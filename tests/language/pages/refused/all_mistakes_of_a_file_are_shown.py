"""Five mistakes give five messages, in the order of their lines."""
from metal import u8, u32


def first(a: u32, b: u8) -> u32:
    return a + b  # error: u8 where u32 is wanted


def second(a: u32) -> u32:
    if a:  # error: a condition must be bool, not u32
        return 1
    return nothing  # error: nothing


def third(a: u8) -> u8:
    b = 300  # error: what width has b
    return a / 2  # error: write //
