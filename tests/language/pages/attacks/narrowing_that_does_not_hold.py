"""None: a check of one place says nothing about another, nor about the same place after it may have changed."""
from __future__ import annotations

from metal import Array, Ptr, array, assign, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


nodes: Array[Node] = array(4)
current: Ptr[Node] | None = None


def clear() -> u32:
    global current
    current = None
    return 0


def by_index(i: u32) -> u32:
    if nodes[i].next is not None:
        return nodes[i + 1].next.value  # error: M020 may be None
    return 0


def same_element(i: u32) -> u32:
    if nodes[i].next is not None:
        i += 1
        return nodes[i].next.value  # error: M020 may be None
    return 0


def of_a_global() -> u32:
    if current is not None:
        clear()
        return current.value  # error: M020 current may be None
    return 0


def within_one_expression() -> u32:
    if current is not None:
        return clear() + current.value  # error: M020 current may be None
    return 0


def by_argument() -> u32:
    if current is not None:
        return two(clear(), current)  # error: M020 None
    return 0


def two(a: u32, b: Ptr[Node]) -> u32:
    return a + b.value


def by_alias(n: Ptr[Node], m: Ptr[Node]) -> u32:
    if n.next is not None:
        m.next = None
        return n.next.value  # error: M020 n.next may be None here
    return 0


def in_a_loop(n: Ptr[Node]) -> u32:
    total: u32 = 0
    if n.next is not None:
        for _ in range(3):
            total += n.next.value  # error: M020 n.next may be None here
            n.next = None
    return total


def overwritten(n: Ptr[Node], m: Ptr[Node]) -> u32:
    if n.next is not None:
        assign(n, m)
        return n.next.value  # error: M020 n.next may be None here
    return 0


def overwritten_elements(n: Ptr[Node]) -> u32:
    first = nodes[0]
    if first.next is not None:
        nodes[0:2].copy_from(nodes[2:4])
        return first.next.value  # error: M020 first.next may be None here
    return 0


@struct
class Guard:
    owner: Ptr[Node] | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(self, *a: object) -> None:
        owner = self.owner
        if owner is not None:
            owner.next = None


def left_behind(n: Ptr[Node], guard: Ptr[Guard]) -> u32:
    if n.next is not None:
        with guard:
            pass
        return n.next.value  # error: M020 n.next may be None here
    return 0
