"""What was known about a name is forgotten when the name is bound again."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


def f(n: Ptr[Node] | None, m: Ptr[Node] | None) -> u32:
    if n is None:
        return 0
    n = m
    return n.value  # error: M020 n may be None here


def g(n: Ptr[Node] | None) -> u32:
    total: u32 = 0
    if n is None:
        return 0
    while total < 10:
        total += n.value  # error: M020 n may be None here
        n = n.next  # error: M020 n may be None here
    return total


def h(n: Ptr[Node] | None, c: bool) -> u32:
    if c:
        assert n is not None
    return n.value  # error: M020 n may be None here
