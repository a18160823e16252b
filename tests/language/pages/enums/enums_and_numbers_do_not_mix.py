"""A member is not a number: it is not assigned, compared or computed with one; an `IntEnum` may be computed with."""
from enum import Enum, IntEnum

from metal import u32


class State(IntEnum):
    READY = 0
    RUNNING = 1


class Failure(Enum):
    FULL = 1
    GONE = 2


def f(n: u32) -> State:
    return n  # error: M010 where State is wanted


def g(a: State, b: Failure) -> bool:
    return a == b  # error: M010 where State is wanted


def h(a: Failure) -> u32:
    return a  # error: M010 Failure where u32 is wanted


def i() -> State:
    return State.SLEEPING  # error: M061 SLEEPING


def j(a: State) -> None:
    State.READY = a  # error: M057 State.READY
