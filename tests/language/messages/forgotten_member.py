"""A common mistake: forgotten member."""

from enum import IntEnum

from metal import u32


class State(IntEnum):
    READY = 0
    RUNNING = 1
    DONE = 2


def weight(s: State) -> u32:
    match s:
        case State.READY:
            return 1
        case State.RUNNING:
            return 2
