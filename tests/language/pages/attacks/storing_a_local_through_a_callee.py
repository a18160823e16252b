"""Escape: a callee stores what it is given; giving it a local is refused at the call."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


head: Ptr[Node] | None = None


def push(n: Ptr[Node]) -> None:
    global head
    n.next = head
    head = n


def push_twice_removed(n: Ptr[Node]) -> None:
    push(n)


def link(a: Ptr[Node], b: Ptr[Node]) -> None:
    a.next = b


root: Node = Node()


def attack_global() -> None:
    t = Node(1)
    push(t)  # error: M212 stack


def attack_deeper() -> None:
    t = Node(1)
    push_twice_removed(t)  # error: M212 stack


def attack_through_a_parameter() -> None:
    t = Node(1)
    link(root, t)  # error: M212 stack


def attack_of_the_caller(p: Ptr[Node]) -> None:
    t = Node(1)
    link(p, t)  # error: M212 stack


def allowed_between_locals() -> u32:
    a = Node(1)
    b = Node(2)
    link(a, b)
    return a.value


def allowed_global_into_local() -> u32:
    a = Node(1)
    link(a, root)
    return a.value
