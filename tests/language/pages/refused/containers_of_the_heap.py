"""There is no heap: `list`, `dict`, `set` and comprehensions are refused where programs run."""
from metal import u32


def f() -> u32:
    a = [1, 2, 3]  # error: M002 list
    b = {1: 2}  # error: M002 dict
    c = {1, 2}  # error: M002 set
    d = [x for x in range(3)]  # error: M002 comprehension
    e = (x for x in range(3))  # error: M002 generator
    return 0


def g(a: list[u32]) -> u32:  # error: M071 list
    return 0


def h() -> u32:
    x: dict[u32, u32]  # error: M071 dict
    return 0
