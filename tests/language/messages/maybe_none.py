"""A common mistake: maybe none."""

from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


def second(n: Ptr[Node]) -> u32:
    return n.next.value
