"""A `match` over an enum names every member; or-patterns and `_` are Python's."""
# cpython
from enum import IntEnum
from typing import assert_never

from metal import u32


class State(IntEnum):
    READY = 0
    RUNNING = 1
    BLOCKED = 2
    DEAD = 9


def weight(s: State) -> u32:
    match s:
        case State.READY:
            return 10
        case State.RUNNING | State.BLOCKED:
            return 20
        case State.DEAD:
            return 30


def with_rest(s: State) -> u32:
    match s:
        case State.DEAD:
            return 0
        case _:
            return 1


def with_proof(s: State) -> u32:
    match s:
        case State.READY | State.RUNNING:
            return 1
        case State.BLOCKED:
            return 2
        case State.DEAD:
            return 3
        case _:
            assert_never(s)


def test_each_member() -> None:
    assert weight(State.READY) == 10
    assert weight(State.RUNNING) == 20
    assert weight(State.BLOCKED) == 20
    assert weight(State.DEAD) == 30
    assert with_rest(State.DEAD) == 0
    assert with_rest(State.READY) == 1
    assert with_proof(State.RUNNING) == 1
    assert with_proof(State.BLOCKED) == 2
    assert with_proof(State.DEAD) == 3
