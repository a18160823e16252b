"""A call or a store could change an attribute, so what was known about it is forgotten."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


def cut(n: Ptr[Node]) -> None:
    n.next = None


def f(n: Ptr[Node]) -> u32:
    if n.next is None:
        return 0
    first = n.next.value
    cut(n)
    return first + n.next.value  # error: M020 n.next may be None here


def g(n: Ptr[Node], m: Ptr[Node]) -> u32:
    if n.next is None:
        return 0
    m.next = None
    return n.next.value  # error: M020 n.next may be None here


def h(n: Ptr[Node]) -> u32:
    following = n.next
    if following is None:
        return 0
    cut(n)
    return following.value
