"""Aliasing: storage in a loop body is made anew in each turn, so references to earlier turns must not survive the turn."""
from __future__ import annotations

from metal import Array, Ptr, Slice, array, struct, u8, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


def linked_list(n: u32) -> u32:
    head: Ptr[Node] | None = None
    for i in range(n):
        t = Node(i)
        t.next = head
        head = t  # error: M213 anew
    return 0 if head is None else head.value


def first_and_last(n: u32) -> u32:
    first = Node(0)
    for i in range(n):
        t = Node(i)
        first.next = t  # error: M213 anew
    following = first.next
    return 0 if following is None else following.value


def array_in_a_loop(n: u32) -> u32:
    rows: Array[Slice[u8] | None] = array(4)
    for i in range(n):
        row: Array[u8] = array(4)
        rows[i] = row  # error: M213 anew
    return 0


def while_loop(n: u32) -> bool:
    previous: Ptr[Node] | None = None
    same = False
    while n > 0:
        t = Node(n)
        same = previous is t
        previous = t  # error: M213 anew
        n -= 1
    return same


def inside_the_turn(n: u32) -> u32:
    total: u32 = 0
    for i in range(n):
        a = Node(i)
        b = Node(i + 1)
        a.next = b
        following = a.next
        total += following.value
    return total
