"""A common mistake: unchecked error."""

from enum import Enum

from metal import u32


class Failure(Enum):
    FULL = 1


def find(n: u32) -> u32 | Failure:
    return Failure.FULL if n > 10 else n


def next_of(n: u32) -> u32:
    return find(n) + 1
