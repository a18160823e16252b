"""A `match` over an enum that forgets a member is refused, and the member is named."""
from enum import IntEnum

from metal import u32


class State(IntEnum):
    READY = 0
    RUNNING = 1
    DEAD = 9


def f(s: State) -> u32:
    match s:  # error: M043 DEAD
        case State.READY:
            return 1
        case State.RUNNING:
            return 2


def g(s: State) -> u32:
    r: u32 = 0
    match s:  # error: M043 RUNNING
        case State.READY:
            r = 1
        case State.DEAD:
            r = 2
    return r
