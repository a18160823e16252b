"""Aliasing: in each turn the storage is made anew, so nothing that outlives the turn may still show the old one."""
from __future__ import annotations

from metal import Array, Ptr, Slice, array, struct, u8, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


@struct
class Window:
    view: Slice[u8]


def by_slice(n: u32) -> u32:
    a: Array[u8] = array(1)
    last: Slice[u8] = a
    total: u32 = 0
    for i in range(n):
        row: Array[u8] = array(4)
        if i > 0 and last[0] == 1:
            total += 1
        row[0] = 1
        last = row  # error: M213 anew
    return total


def by_field(n: u32) -> u32:
    a: Array[u8] = array(1)
    w = Window(a)
    total: u32 = 0
    for i in range(n):
        row: Array[u8] = array(4)
        if w.view[0] == 1:
            total += i
        row[0] = 1
        w.view = row  # error: M213 anew
    return total


def link(a: Ptr[Node], b: Ptr[Node]) -> None:
    a.next = b


def by_callee(n: u32) -> u32:
    head = Node(0)
    total: u32 = 0
    for i in range(n):
        t = Node(i)  # error: M213 anew
        following = head.next
        if following is not None:
            total += following.value
        link(head, t)
    return total


def identity(n: Ptr[Node]) -> Ptr[Node]:
    return n


def by_returned_reference(n: u32) -> u32:
    previous: Ptr[Node] | None = None
    total: u32 = 0
    while n > 0:
        t = Node(n)
        if previous is not None:
            total += previous.value
        previous = identity(t)  # error: M213 anew
        n -= 1
    return total


def fine(n: u32) -> u32:
    total: u32 = 0
    for i in range(n):
        t = Node(i)
        same = identity(t)
        total += same.value
    return total
