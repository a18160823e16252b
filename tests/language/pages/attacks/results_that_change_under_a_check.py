"""A result is a value: what was checked is what is used, even when its source changes."""
# cpython
from enum import Enum

from metal import u32


class Failure(Enum):
    GONE = 1


calls: u32 = 0


def toggling() -> u32 | Failure:
    global calls
    calls += 1
    if calls % 2 == 0:
        return Failure.GONE
    return calls


def test_the_checked_value_is_kept() -> None:
    global calls
    calls = 0
    r = toggling()
    other = toggling()
    assert isinstance(other, Failure)
    assert not isinstance(r, Failure)
    assert r == 1
