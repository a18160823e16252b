"""An array holds numbers of any width, bools, enums, pointers, slices, functions and structs."""
from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from metal import Array, Ptr, View, array, f64, i8, struct, u64, w16


class State(IntEnum):
    ZERO = 0
    ONE = 1


@struct
class Cell:
    n: u64 = 4


def twice(x: u64) -> u64:
    return x * 2


small: Array[i8] = array(3)
wide: Array[u64] = array(3)
modular: Array[w16] = array(3)
flags: Array[bool] = array(3)
states: Array[State] = array(3)
cells: Array[Cell] = array(3)
links: Array[Ptr[Cell] | None] = array(3)
texts: Array[View[u64] | None] = array(3)
handlers: Array[Callable[[u64], u64] | None] = array(3)
fractions: Array[f64] = array(3)


def test_first_values() -> None:
    assert small[2] == 0
    assert not flags[1]
    assert states[0] is State.ZERO
    assert cells[2].n == 4
    assert links[0] is None
    assert handlers[1] is None
    assert fractions[0] == 0.0


def test_each_is_written_and_read() -> None:
    small[1] = -128
    wide[1] = 18446744073709551615
    modular[1] = 65535
    modular[1] += 2
    flags[1] = True
    states[1] = State.ONE
    cells[1].n = 5
    links[1] = cells[1]
    handlers[1] = twice
    fractions[1] = -0.5
    assert small[1] == -128
    assert wide[1] == 18446744073709551615
    assert modular[1] == 1
    assert flags[1]
    assert states[1] is State.ONE
    link = links[1]
    assert link is not None
    assert link.n == 5
    handler = handlers[1]
    assert handler is not None
    assert handler(21) == 42
    assert fractions[1] == -0.5
    assert small[0] == 0
    assert small[2] == 0
