"""The two ends of a range have one width, and a range is only for counting."""
from metal import u8, u32, u64


def f(a: u32, b: u64) -> u64:
    n: u64 = 0
    for _ in range(a, b):  # error: M011 where
        n += 1
    return n


def g(n: u8) -> u8:
    r = range(n)  # error: M002 range
    return 0


def h() -> u32:
    for i in 10:  # error: M032 for
        pass
    return 0
