"""Escape: the analysis follows recursion to its end."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


kept: Ptr[Node] | None = None


def ping(n: Ptr[Node], depth: u32) -> None:
    if depth > 0:
        pong(n, depth - 1)


def pong(n: Ptr[Node], depth: u32) -> None:
    global kept
    if depth == 0:
        kept = n
    else:
        ping(n, depth - 1)


def attack() -> None:
    t = Node(1)
    ping(t, 9)  # error: M212 stack


def deepest(n: Ptr[Node], depth: u32) -> Ptr[Node]:
    if depth == 0:
        return n
    return deepest(n, depth - 1)


def attack_by_return() -> Ptr[Node]:
    t = Node(1)
    return deepest(t, 5)  # error: M210 stack


def sum_of(n: Ptr[Node], depth: u32) -> u32:
    inner = Node(depth, n)
    if depth == 0:
        return 0
    return inner.value + sum_of(inner, depth - 1)
