"""A tuple is not an object: it is not stored, indexed or passed."""
from metal import struct, u64


@struct
class Holder:
    pair: tuple[u64, u64] = (0, 0)  # error: M071 tuple


def divide(a: u64, b: u64) -> tuple[u64, u64]:
    return a // b, a % b


def f() -> u64:
    t = divide(9, 4)  # error: M010 tuple
    return 0


def g() -> u64:
    return divide(9, 4)[0]  # error: M032 tuple


def h() -> u64:
    a, b, c = divide(9, 4)  # error: M010 2
    return a


def i(p: tuple[u64, u64]) -> u64:  # error: M071 tuple
    return 0
