"""Escape: the argument itself is not kept, but something that it refers to is."""
from __future__ import annotations

from metal import Array, Ptr, Slice, View, array, struct, u8, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


@struct
class Window:
    view: View[u8] = b""
    node: Ptr[Node] | None = None


kept: Ptr[Node] | None = None
saved: Window = Window()


def keep_next(n: Ptr[Node]) -> None:
    global kept
    kept = n.next


def attack_by_link() -> None:
    inner = Node(1)
    outer = Node(2, inner)
    keep_next(outer)  # error: M212 stack


def keep_view(w: Ptr[Window]) -> None:
    saved.view = w.view


def attack_by_view() -> None:
    a: Array[u8] = array(4)
    w = Window(a)
    keep_view(w)  # error: M212 stack


def keep_first(s: Slice[Ptr[Node] | None]) -> None:
    global kept
    kept = s[0]


def attack_by_array() -> None:
    slots: Array[Ptr[Node] | None] = array(2)
    n = Node(1)
    slots[0] = n
    keep_first(slots)  # error: M212 stack


def next_of(n: Ptr[Node]) -> Ptr[Node] | None:
    return n.next


def attack_by_return() -> Ptr[Node] | None:
    inner = Node(1)
    outer = Node(2, inner)
    return next_of(outer)  # error: M210 stack


def deep(n: Ptr[Node]) -> Ptr[Node] | None:
    following = n.next
    if following is None:
        return None
    return following.next


def attack_two_links_away() -> Ptr[Node] | None:
    a = Node(1)
    b = Node(2, a)
    c = Node(3, b)
    return deep(c)  # error: M210 a lives on this stack  # error: M210 b lives on this stack


def fill(w: Ptr[Window], n: Ptr[Node]) -> None:
    w.node = n


def attack_through_a_local_go_between() -> None:
    global kept
    w = Window()
    n = Node(1)
    fill(w, n)
    kept = w.node  # error: M211 stack


def fine(n: Ptr[Node]) -> Ptr[Node] | None:
    w = Window()
    fill(w, n)
    return w.node
