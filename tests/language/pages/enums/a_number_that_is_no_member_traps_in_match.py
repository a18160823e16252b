"""Raw memory may hold a number that no member has; `match` stops there instead of guessing."""
# machine
from enum import IntEnum
from typing import Final

from metal import Array, addr_of, array, ptr_at, struct, u8, u32

UNSAFE: Final = True


class State(IntEnum):
    READY = 0
    RUNNING = 1


@struct
class Record:
    state: State = State.READY


memory: Array[u8] = array(4)


def weight(r: Record) -> u32:
    match r.state:  # trap: unreachable
        case State.READY:
            return 1
        case State.RUNNING:
            return 2


def test_members() -> None:
    memory[0] = 1
    assert weight(ptr_at(Record, addr_of(memory))) == 2


def trap_no_member() -> None:
    memory[0] = 9
    assert weight(ptr_at(Record, addr_of(memory))) == 0
