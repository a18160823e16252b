"""A result may be a value, nothing, or an error, told apart step by step."""
# cpython
from enum import Enum

from metal import View, u8, u32


class Failure(Enum):
    BROKEN = 1
    GONE = 2


def look(n: u32) -> u32 | None | Failure:
    if n == 0:
        return None
    if n > 100:
        return Failure.BROKEN
    return n * 2


def describe(n: u32) -> u32:
    r = look(n)
    if isinstance(r, Failure):
        return 1000
    if r is None:
        return 2000
    return r


def word(n: u32) -> View[u8] | Failure:
    if n > 3:
        return Failure.GONE
    return b"lamp"[:n]


def length(n: u32) -> u32:
    w = word(n)
    if isinstance(w, Failure):
        return 99
    total: u32 = 0
    for _ in w:
        total += 1
    return total


def test_each() -> None:
    assert describe(0) == 2000
    assert describe(7) == 14
    assert describe(101) == 1000
    assert length(2) == 2
    assert length(0) == 0
    assert length(4) == 99
