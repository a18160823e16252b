"""`is None`, early return, `and`, `or`, `while`, `assert` and the conditional expression all narrow."""
# cpython
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 3
    next: Ptr[Node] | None = None


def by_if(n: Ptr[Node] | None) -> u32:
    if n is not None:
        return n.value
    return 0


def by_early_return(n: Ptr[Node] | None) -> u32:
    if n is None:
        return 0
    return n.value


def by_and(n: Ptr[Node] | None) -> bool:
    return n is not None and n.value == 3


def by_or(n: Ptr[Node] | None) -> bool:
    return n is None or n.value == 3


def by_assert(n: Ptr[Node] | None) -> u32:
    assert n is not None
    return n.value


def by_conditional(n: Ptr[Node] | None) -> u32:
    return n.value if n is not None else 0


def by_continue(n: Ptr[Node] | None) -> u32:
    total: u32 = 0
    for _ in range(3):
        if n is None:
            continue
        total += n.value
    return total


def by_else(n: Ptr[Node] | None) -> u32:
    if n is None:
        r: u32 = 0
    else:
        r = n.value
    return r


def by_rebinding(n: Ptr[Node] | None, other: Ptr[Node]) -> u32:
    if n is None:
        n = other
    return n.value


def test_all() -> None:
    n = Node()
    assert by_if(n) == 3
    assert by_if(None) == 0
    assert by_early_return(n) == 3
    assert by_early_return(None) == 0
    assert by_and(n)
    assert not by_and(None)
    assert by_or(n)
    assert by_or(None)
    assert by_assert(n) == 3
    assert by_conditional(n) == 3
    assert by_conditional(None) == 0
    assert by_continue(n) == 9
    assert by_continue(None) == 0
    assert by_else(n) == 3
    assert by_else(None) == 0
    assert by_rebinding(None, n) == 3
