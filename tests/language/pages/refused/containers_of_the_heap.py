"""There is no heap: `list`, `dict`, `set` and comprehensions are refused where programs run."""
from metal import u32


def f() -> u32:
    a = [1, 2, 3]  # error: list
    b = {1: 2}  # error: dict
    c = {1, 2}  # error: set
    d = [x for x in range(3)]  # error: comprehension
    e = (x for x in range(3))  # error: generator
    return 0


def g(a: list[u32]) -> u32:  # error: list
    return 0


def h() -> u32:
    x: dict[u32, u32]  # error: dict
    return 0
