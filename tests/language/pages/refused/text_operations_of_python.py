"""Built-in functions of Python that need a heap or hide a cost are refused by name."""
from metal import u32


def f(n: u32) -> u32:
    s = str(n)  # error: str
    t = int("3")  # error: int
    u = sorted([3])  # error: sorted
    v = input()  # error: input
    w = open("x")  # error: open
    return 0
