"""`assert_never` is accepted only where no member is left."""
from enum import IntEnum
from typing import assert_never

from metal import u32


class State(IntEnum):
    READY = 0
    RUNNING = 1
    DEAD = 9


def f(s: State) -> u32:
    match s:
        case State.READY:
            return 1
        case _:
            assert_never(s)  # error: M043 RUNNING
