"""Globals may start as nested structs, filled fields, bools, enums, pointers to other globals and slices of them."""
from __future__ import annotations

from enum import IntEnum

from metal import Array, Ptr, Slice, array, i64, struct, table, u8, u32


class State(IntEnum):
    OFF = 3
    ON = 4


@struct
class Inner:
    a: u8 = 9
    many: Array[u32] = array(3)
    state: State = State.ON


@struct
class Outer:
    first: Inner = Inner(a=1)
    second: Inner = Inner(state=State.OFF)
    level: i64 = -5
    on: bool = True


memory: Array[u8] = array(6)
whole: Outer = Outer(level=7)
rows: Array[Outer] = array(2)
powers: Array[u32] = table(1, 2, 4)


@struct
class View2:
    bytes: Slice[u8]
    outer: Ptr[Outer]
    maybe: Ptr[Outer] | None = None


window: View2 = View2(memory, whole)


def test_nested_defaults() -> None:
    assert whole.first.a == 1
    assert whole.first.state is State.ON
    assert whole.second.a == 9
    assert whole.second.state is State.OFF
    assert whole.level == 7
    assert whole.on


def test_elements_of_an_array_have_the_defaults_too() -> None:
    assert rows[1].first.a == 1
    assert rows[1].level == -5
    assert rows[0].second.state is State.OFF
    assert rows[1].on


def test_references_to_other_globals() -> None:
    assert len(window.bytes) == 6
    window.bytes[2] = 8
    assert memory[2] == 8
    assert window.outer is whole
    assert window.maybe is None


def test_locals_have_them_too() -> None:
    local: Array[Inner] = array(2)
    assert local[1].a == 9
    assert local[1].state is State.ON
    o = Outer()
    assert o.first.a == 1
    assert o.level == -5
