"""A common mistake: made anew."""

from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0


def last(n: u32) -> u32:
    previous: Ptr[Node] | None = None
    for i in range(n):
        node = Node(i)
        if previous is not None:
            node.value += previous.value
        previous = node
    return 0
