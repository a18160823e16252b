"""A loop's variable that exists already takes only values of its type."""
from metal import u32, u64


def f(n: u64) -> u64:
    i: u32 = 0
    for i in range(n):  # error: M079 u64 where u32 is wanted
        pass
    return n
