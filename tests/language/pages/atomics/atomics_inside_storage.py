"""Atomics stand in structs and arrays, hold bools and enums, and are reached by reference."""
# cpython
from __future__ import annotations

from enum import IntEnum

from metal import Array, Atomic, Ptr, array, struct, u32, u64


class State(IntEnum):
    IDLE = 0
    BUSY = 1


@struct
class Cell:
    count: Atomic[u64] = Atomic(3)
    ready: Atomic[bool] = Atomic(False)
    state: Atomic[State] = Atomic(State.IDLE)
    plain: u32 = 1


cells: Array[Cell] = array(2)


def take(c: Ptr[Cell]) -> bool:
    return c.state.cas(State.IDLE, State.BUSY, "acquire")


def test_in_structs() -> None:
    c = cells[1]
    assert c.count.add(2) == 3
    assert cells[1].count.load() == 5
    assert cells[0].count.load() == 3
    c.ready.store(True)
    assert cells[1].ready.load()
    assert not cells[0].ready.load()
    assert take(c)
    assert not take(c)
    assert c.state.load() is State.BUSY
    assert c.plain == 1


def test_in_locals() -> None:
    c = Cell(plain=4)
    assert c.count.exchange(9) == 3
    assert c.count.load("relaxed") == 9
    assert take(c)
