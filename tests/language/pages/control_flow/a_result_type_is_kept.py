"""A return statement gives a value of the declared type, or none."""
from metal import u8, u32


def f(n: u8) -> u32:
    return n  # error: u8 where u32 is wanted


def g() -> None:
    return 3  # error: None


def h() -> u32:
    return  # error: u32


def i(n: u32):  # error: return type
    return n


def j(n) -> u32:  # error: type
    return 0
