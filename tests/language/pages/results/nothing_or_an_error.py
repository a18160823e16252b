"""`None | Error` reports success without a value."""
# cpython
from enum import Enum

from metal import u64


class Failure(Enum):
    FULL = 1
    GONE = 2


def save(n: u64) -> None | Failure:
    if n > 10:
        return Failure.FULL
    if n == 7:
        return Failure.GONE
    return None


def all_of(n: u64) -> Failure | None:
    for i in range(n):
        r = save(i)
        if r is not None:
            return r
    return None


def test_success_and_failure() -> None:
    assert save(3) is None
    assert save(11) is Failure.FULL
    assert all_of(5) is None
    assert all_of(20) is Failure.GONE
