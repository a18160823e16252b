"""`Ptr[T]` is a reference that is never None; fields and methods are reached directly."""
from __future__ import annotations

from metal import Array, Ptr, array, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None

    def bump(self) -> None:
        self.value += 1


nodes: Array[Node] = array(3)


def second_of(n: Ptr[Node]) -> u32:
    following = n.next
    if following is None:
        return 0
    following.bump()
    return following.value


def test_links() -> None:
    nodes[0].next = nodes[1]
    nodes[1].value = 41
    assert second_of(nodes[0]) == 42
    assert nodes[1].value == 42
    assert second_of(nodes[1]) == 0


def test_identity() -> None:
    p: Ptr[Node] = nodes[0]
    q: Ptr[Node] = nodes[0]
    assert p is q
    assert p is not nodes[1]
