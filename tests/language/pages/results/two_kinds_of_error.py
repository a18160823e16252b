"""A result may carry errors of several enums, each tested by its own class."""
# cpython
from enum import Enum

from metal import u32


class Syntax(Enum):
    EMPTY = 1
    LONG = 2


class Range(Enum):
    HIGH = 1
    LOW = 2


def parse(n: u32) -> u32 | Syntax | Range:
    if n == 0:
        return Syntax.EMPTY
    if n > 100:
        return Range.HIGH
    return n


def describe(n: u32) -> u32:
    r = parse(n)
    if isinstance(r, Syntax):
        return 1000
    if isinstance(r, Range):
        return 2000
    return r


def test_each() -> None:
    assert describe(0) == 1000
    assert describe(101) == 2000
    assert describe(100) == 100
