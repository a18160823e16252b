"""A common mistake: stored local."""

from __future__ import annotations

from metal import Ptr, struct


@struct
class Node:
    next: Ptr[Node] | None = None


first: Node = Node()


def push() -> None:
    n = Node()
    first.next = n
