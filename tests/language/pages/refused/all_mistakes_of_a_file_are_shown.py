"""Five mistakes give five messages, in the order of their lines."""
from metal import u8, u32


def first(a: u32, b: u8) -> u32:
    return a + b  # error: M011 u8 where u32 is wanted


def second(a: u32) -> u32:
    if a:  # error: M014 a condition must be bool, not u32
        return 1
    return nothing  # error: M003 nothing


def third(a: u8) -> u8:
    b = 300  # error: M012 what width has b
    return a / 2  # error: M015 write //
