"""Pointers are chosen, swapped, stored and compared like any value."""
# cpython
from __future__ import annotations

from metal import Array, Ptr, array, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


slots: Array[Ptr[Node] | None] = array(3)
a: Node = Node(1)
b: Node = Node(2)
c: Node = Node(3)


def pick(c: bool) -> Ptr[Node] | None:
    return a if c else None


def or_else(p: Ptr[Node] | None, q: Ptr[Node]) -> Ptr[Node]:
    return q if p is None else p


def test_chosen() -> None:
    assert pick(True) is a
    assert pick(False) is None
    assert or_else(None, b) is b
    assert or_else(a, b) is a
    assert or_else(a, b) is not b


def test_stored() -> None:
    slots[0] = a
    slots[2] = b
    slots[0], slots[2] = slots[2], slots[0]
    first = slots[0]
    assert first is not None
    assert first.value == 2
    assert slots[1] is None


def reverse(head: Ptr[Node] | None) -> Ptr[Node] | None:
    done: Ptr[Node] | None = None
    while head is not None:
        following = head.next
        head.next = done
        done = head
        head = following
    return done


def test_a_list_is_reversed() -> None:
    a.next = b
    b.next = None
    c.next = a
    r = reverse(c)
    assert r is b
    assert b.next is a
    assert a.next is c
    assert c.next is None
    a.next = None
    b.next = None
