"""Arithmetic on a bool, or a bool where a number is wanted, is refused."""
from metal import u8, u64


def f(a: bool, b: u8) -> u8:
    c: u8 = a  # error: M010 bool where u8 is wanted
    return b + a  # error: M011 bool where u8 is wanted


def g(a: u64) -> bool:
    return a  # error: M010 u64 where bool is wanted


def h(a: bool) -> u64:
    return f(1, 2)  # error: M010 where
