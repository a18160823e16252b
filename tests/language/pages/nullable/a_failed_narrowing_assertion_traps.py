"""`assert p is not None` stops the program when it is None."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 8


def must(n: Ptr[Node] | None) -> u32:
    assert n is not None  # trap: assertion
    return n.value


def test_some() -> None:
    n = Node()
    assert must(n) == 8


def trap_none() -> None:
    assert must(None) == 0
