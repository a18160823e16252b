"""`T | Error` is a value or an error; `isinstance` decides which."""
# cpython
from enum import Enum

from metal import u64


class Failure(Enum):
    FULL = 1
    TOO_LARGE = 2


def allocate(n: u64) -> u64 | Failure:
    if n > 4096:
        return Failure.TOO_LARGE
    if n == 13:
        return Failure.FULL
    return n * 8


def twice(n: u64) -> u64 | Failure:
    a = allocate(n)
    if isinstance(a, Failure):
        return a
    b = allocate(n + 1)
    if isinstance(b, Failure):
        return b
    return a + b


def or_zero(n: u64) -> u64:
    r = twice(n)
    return 0 if isinstance(r, Failure) else r


def code(n: u64) -> u64:
    r = twice(n)
    if isinstance(r, Failure):
        match r:
            case Failure.FULL:
                return 1
            case Failure.TOO_LARGE:
                return 2
    return 0


def test_values() -> None:
    assert or_zero(1) == 24
    assert or_zero(12) == 0
    assert or_zero(4096) == 0
    assert or_zero(4095) == 65528


def test_errors() -> None:
    assert code(1) == 0
    assert code(12) == 1
    assert code(13) == 1
    assert code(4096) == 2
