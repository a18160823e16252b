"""A result that may be an error is looked at: calling for the effect alone would hide the error."""
from enum import Enum

from metal import u64


class Failure(Enum):
    FULL = 1


def save(n: u64) -> None | Failure:
    return Failure.FULL if n > 10 else None


def count(n: u64) -> u64 | Failure:
    return Failure.FULL if n > 10 else n


def f() -> None:
    save(3)  # error: M022 Failure
    count(3)  # error: M022 Failure


def g() -> bool:
    return isinstance(save(3), Failure)
