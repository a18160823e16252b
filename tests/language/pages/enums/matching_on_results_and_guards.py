"""`match` tells a value from its errors and from None; a case may name what it takes and ask a condition."""
# cpython
from enum import Enum, IntEnum

from metal import i32, u32


class Failure(Enum):
    FULL = 1
    GONE = 2


class State(IntEnum):
    IDLE = 0
    BUSY = 1


def find(n: u32) -> u32 | Failure:
    if n > 100:
        return Failure.FULL
    if n > 50:
        return Failure.GONE
    return n


def describe(n: u32) -> u32:
    match find(n):
        case Failure.FULL:
            return 1000
        case Failure.GONE:
            return 2000
        case value:
            return value + 1


def size(n: i32) -> u32:
    match n:
        case 0:
            return 0
        case x if x < 0:
            return 1
        case x if x < 10 or x == 50:
            return 2
        case _:
            return 3


def state(s: State, ready: bool) -> u32:
    match s:
        case State.IDLE if ready:
            return 1
        case State.IDLE:
            return 2
        case State.BUSY:
            return 3


def truth(b: bool) -> u32:
    match b:
        case True:
            return 7
        case False:
            return 8


def test_values() -> None:
    assert describe(7) == 8
    assert describe(60) == 2000
    assert describe(101) == 1000
    assert size(0) == 0
    assert size(-4) == 1
    assert size(9) == 2
    assert size(50) == 2
    assert size(11) == 3
    assert state(State.IDLE, True) == 1
    assert state(State.IDLE, False) == 2
    assert state(State.BUSY, True) == 3
    assert truth(True) == 7
    assert truth(False) == 8
