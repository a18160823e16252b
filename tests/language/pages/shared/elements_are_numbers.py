"""Shared memory holds numbers only: a reference, a bool or an enum from there could be anything."""
from __future__ import annotations

from enum import IntEnum

from metal import Array, Ptr, Shared, Slice, array, struct, u8, u32


class State(IntEnum):
    READY = 0
    DONE = 1


@struct
class Numbers:
    count: u32 = 0
    bytes: Array[u8] = array(4)


@struct
class Flagged:
    count: u32 = 0
    set: bool = False


@struct
class Linked:
    next: Ptr[Linked] | None = None


@struct
class Outer:
    inner: Linked = Linked()


@struct
class Window:
    rows: Shared[Outer]  # error: M214 next


def fine(s: Shared[Numbers], t: Shared[u32]) -> None:
    n = Numbers(t.read(0))
    s.put(0, n)


def a_bool(s: Shared[Flagged]) -> u32:  # error: M214 bool
    f = Flagged()
    s.fetch(0, f)
    return f.count


def an_enum(s: Shared[State]) -> bool:  # error: M214 State
    return s.read(0) == State.DONE


def a_reference(s: Shared[Linked]) -> None:  # error: M214 next
    n = Linked()
    s.fetch(0, n)


def a_slice(s: Shared[Slice[u8]]) -> None:  # error: M214 Slice[u8]
    pass
