"""A common mistake: none given."""

from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0


def read(n: Ptr[Node]) -> u32:
    return n.value


def first(n: Ptr[Node] | None) -> u32:
    return read(n)
