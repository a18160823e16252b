"""A name that some path leaves unset is refused where it is used."""
from metal import u32


def branch(c: bool) -> u32:
    if c:
        y: u32 = 1
    return y  # error: M201 y may be unset here


def loop(n: u32) -> u32:
    for i in range(n):
        last = i
    return last  # error: M201 last may be unset here


def variable(n: u32) -> u32:
    for i in range(n):
        pass
    return i  # error: M201 i may be unset here


def declared() -> u32:
    x: u32
    return x  # error: M201 x may be unset here


def match_like(n: u32) -> u32:
    if n == 0:
        r: u32 = 1
    elif n == 1:
        r = 2
    return r  # error: M201 r may be unset here
