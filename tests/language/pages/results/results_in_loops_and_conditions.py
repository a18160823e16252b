"""A result is tested where it stands, kept in a local, and tested again in each turn."""
# cpython
from enum import Enum

from metal import u32


class Failure(Enum):
    ODD = 1
    BIG = 2


def half(n: u32) -> u32 | Failure:
    if n > 1000:
        return Failure.BIG
    if n % 2 == 1:
        return Failure.ODD
    return n // 2


def halvings(n: u32) -> u32:
    count: u32 = 0
    while True:
        r = half(n)
        if isinstance(r, Failure):
            if r is Failure.BIG:
                return 99
            break
        n = r
        count += 1
        if n == 0:
            break
    return count


def both_even(a: u32, b: u32) -> bool:
    return not isinstance(half(a), Failure) and not isinstance(half(b), Failure)


def default(n: u32) -> u32:
    r = half(n)
    return r if not isinstance(r, Failure) else 7


def test_values() -> None:
    assert halvings(8) == 3
    assert halvings(0) == 1
    assert halvings(1001) == 99
    assert both_even(2, 4)
    assert not both_even(2, 5)
    assert default(3) == 7
    assert default(6) == 3
