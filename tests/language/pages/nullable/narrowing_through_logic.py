"""Facts follow `not`, `and`, `or`, nested conditions, loops and early exits."""
# cpython
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 2
    next: Ptr[Node] | None = None


def both(a: Ptr[Node] | None, b: Ptr[Node] | None) -> u32:
    if not (a is None or b is None):
        return a.value + b.value
    return 0


def either(a: Ptr[Node] | None, b: Ptr[Node] | None) -> u32:
    if a is None and b is None:
        return 0
    if a is None:
        assert b is not None
        return b.value
    return a.value


def chain(a: Ptr[Node] | None) -> u32:
    if a is not None and a.next is not None and a.next.value > 1:
        return a.next.value
    return 9


def search(head: Ptr[Node] | None, wanted: u32) -> Ptr[Node] | None:
    node = head
    while node is not None:
        if node.value == wanted:
            break
        node = node.next
    return node


def last(head: Ptr[Node]) -> Ptr[Node]:
    node = head
    while True:
        following = node.next
        if following is None:
            return node
        node = following


def nested(a: Ptr[Node] | None, n: u32) -> u32:
    total: u32 = 0
    for i in range(n):
        if a is None:
            if i > 0:
                return 50
            continue
        total += a.value
    return total


def by_value(a: Ptr[Node] | None, c: bool) -> u32:
    found = a is not None
    if found and c:
        return 1
    return 0


def truth(x: bool | None) -> u32:
    if x is None:
        return 2
    return 1 if x else 0


def test_all() -> None:
    a = Node()
    b = Node(3)
    assert both(a, b) == 5
    assert both(a, None) == 0
    assert either(None, b) == 3
    assert either(a, None) == 2
    assert either(None, None) == 0
    assert chain(a) == 9
    a.next = b
    assert chain(a) == 3
    assert chain(None) == 9
    assert search(a, 3) is b
    assert search(a, 4) is None
    assert last(a) is b
    assert nested(a, 3) == 6
    assert nested(None, 1) == 0
    assert nested(None, 2) == 50
    assert by_value(a, True) == 1
    assert truth(None) == 2
    assert truth(True) == 1
    assert truth(False) == 0
