"""`while x is not None` narrows inside the loop, also when the name moves on."""
# cpython
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None


def total(head: Ptr[Node] | None) -> u32:
    sum: u32 = 0
    n = head
    while n is not None:
        sum += n.value
        n = n.next
    return sum


def test_three() -> None:
    a = Node(1)
    b = Node(2)
    c = Node(4)
    assert total(None) == 0
    assert total(a) == 1
    c.next = b
    b.next = a
    assert total(c) == 7
    assert total(b) == 3
