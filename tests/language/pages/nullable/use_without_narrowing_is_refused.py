"""A pointer that may be None is not used before it was compared."""
from __future__ import annotations

from metal import Ptr, struct, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None

    def bump(self) -> None:
        self.value += 1


def read(n: Ptr[Node] | None) -> u32:
    return n.value  # error: M020 n may be None here


def write(n: Ptr[Node] | None) -> None:
    n.value = 3  # error: M020 n may be None here


def call(n: Ptr[Node] | None) -> None:
    n.bump()  # error: M020 n may be None here


def second(n: Ptr[Node]) -> u32:
    return n.next.value  # error: M020 n.next may be None here


def wanted(n: Ptr[Node]) -> u32:
    return n.value


def give(n: Ptr[Node] | None) -> u32:
    return wanted(n)  # error: M020 None
