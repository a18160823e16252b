"""Built-in functions of Python that need a heap or hide a cost are refused by name."""
from metal import u32


def f(n: u32) -> u32:
    s = str(n)  # error: M002 str
    t = int("3")  # error: M002 int
    u = sorted([3])  # error: M002 sorted
    v = input()  # error: M002 input
    w = open("x")  # error: M002 open
    return 0
