"""The value inside `T | Error` is reached only after the error was excluded."""
from enum import Enum

from metal import u64


class Failure(Enum):
    FULL = 1


def allocate(n: u64) -> u64 | Failure:
    return Failure.FULL if n > 10 else n


def f() -> u64:
    a = allocate(3)
    return a + 1  # error: M021 Failure


def g() -> u64:
    return allocate(3)  # error: M021 Failure


def take(n: u64) -> u64:
    return n


def h() -> u64:
    return take(allocate(1))  # error: M021 Failure
