"""A number or a pointer is not a truth value: the comparison must be written."""
from __future__ import annotations

from metal import Ptr, Slice, struct, u8, u64


@struct
class Node:
    next: Ptr[Node] | None = None


def f(n: u64) -> u64:
    if n:  # error: M014 a condition must be bool, not u64
        return 1
    while n:  # error: M014 a condition must be bool, not u64
        n -= 1
    return 2 if n else 3  # error: M014 a condition must be bool, not u64


def g(p: Ptr[Node] | None, s: Slice[u8]) -> bool:
    if p:  # error: M014 a condition must be bool
        return True
    if s:  # error: M014 a condition must be bool
        return True
    return not p  # error: M014 a condition must be bool


def h(a: u64, b: bool) -> bool:
    assert a  # error: M014 a condition must be bool, not u64
    return b and a  # error: M014 a condition must be bool, not u64
