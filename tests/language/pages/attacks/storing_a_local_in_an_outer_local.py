"""Escape: an inner storage is linked into one that lives longer, and then left behind."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


def fill(outer: Ptr[Node]) -> None:
    inner = Node(5)
    outer.next = inner  # error: M211 inner lives on this stack


def victim() -> u32:
    n = Node()
    fill(n)
    following = n.next
    return 0 if following is None else following.value


def through_a_field(outer: Ptr[Node]) -> None:
    inner = Node(5)
    middle = outer.next
    if middle is not None:
        middle.next = inner  # error: M211 inner lives on this stack


def through_an_alias(outer: Ptr[Node]) -> None:
    inner = Node(5)
    same = outer
    same.next = inner  # error: M211 inner lives on this stack


def chain_out(outer: Ptr[Node]) -> None:
    a = Node(1)
    b = Node(2)
    a.next = b
    outer.next = a.next  # error: M211 stack
