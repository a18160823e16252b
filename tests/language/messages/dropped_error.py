"""A common mistake: dropped error."""

from enum import Enum

from metal import u32


class Failure(Enum):
    FULL = 1


def save(n: u32) -> u32 | Failure:
    return Failure.FULL if n > 10 else n


def save_all() -> None:
    save(3)
