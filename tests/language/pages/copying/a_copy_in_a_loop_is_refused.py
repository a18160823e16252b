"""Storage anew in each turn must not be remembered by a name of the turn before."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0


def last(n: u32) -> u32:
    previous: Ptr[Node] | None = None
    sum: u32 = 0
    for i in range(n):
        t = Node(i)
        if previous is not None:
            sum += previous.value
        previous = t  # error: M213 anew
    return sum


def fresh(n: u32) -> u32:
    sum: u32 = 0
    for i in range(n):
        t = Node(i)
        sum += t.value
    return sum
