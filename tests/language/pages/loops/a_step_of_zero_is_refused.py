"""The step of a range is a constant other than zero."""
from metal import u32


def f(n: u32) -> u32:
    total: u32 = 0
    for i in range(0, n, 0):  # error: M091 step
        total += i
    return total


def g(n: u32, s: u32) -> u32:
    total: u32 = 0
    for i in range(0, n, s):  # error: M091 step
        total += i
    return total
