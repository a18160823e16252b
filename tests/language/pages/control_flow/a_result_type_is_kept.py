"""A return statement gives a value of the declared type, or none."""
from metal import u8, u32


def f(n: u8) -> u32:
    return n  # error: M010 u8 where u32 is wanted


def g() -> None:
    return 3  # error: M010 None


def h() -> u32:
    return  # error: M010 u32


def i(n: u32):  # error: M070 return type
    return n


def j(n) -> u32:  # error: M070 type
    return 0
