"""Escape: parts of parts are still part of the local."""
from __future__ import annotations

from metal import Array, Ptr, Slice, array, struct, u8, u32


@struct
class Inner:
    bytes: Array[u8] = array(4)


@struct
class Outer:
    inner: Inner = Inner()
    many: Array[Inner] = array(3)


def field() -> Ptr[Inner]:
    o = Outer()
    return o.inner  # error: M210 o lives on this stack


def element(i: u32) -> Ptr[Inner]:
    o = Outer()
    return o.many[i]  # error: M210 o lives on this stack


def deep(i: u32) -> Slice[u8]:
    o = Outer()
    return o.many[i].bytes[1:]  # error: M210 o lives on this stack


def by_iteration() -> Ptr[Inner] | None:
    o = Outer()
    for m in o.many:
        return m  # error: M210 stack
    return None


def of_a_parameter(o: Ptr[Outer], i: u32) -> Ptr[Inner]:
    return o.many[i]


def attack_through_a_part() -> Ptr[Inner]:
    o = Outer()
    return of_a_parameter(o, 1)  # error: M210 stack
