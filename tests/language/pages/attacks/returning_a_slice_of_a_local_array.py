"""Escape: a slice of a local array leaves through return, plainly, through names and through callees."""
from metal import Array, Slice, array, u8, u64


def plain() -> Slice[u8]:
    a: Array[u8] = array(16)
    return a  # error: M210 a lives on this stack


def narrowed() -> Slice[u8]:
    a: Array[u8] = array(16)
    s = a[1:]
    t = s[1:4]
    return t  # error: M210 stack


def identity(s: Slice[u8]) -> Slice[u8]:
    return s


def through_a_callee() -> Slice[u8]:
    a: Array[u8] = array(16)
    return identity(a)  # error: M210 stack


def twice_through() -> Slice[u8]:
    a: Array[u8] = array(16)
    s = identity(identity(a[2:]))
    return s  # error: M210 stack


def one_of(c: bool, s: Slice[u8]) -> Slice[u8]:
    a: Array[u8] = array(16)
    return s if c else a  # error: M210 stack


def in_a_branch(c: bool, s: Slice[u8]) -> Slice[u8]:
    a: Array[u8] = array(16)
    r = s
    if c:
        r = a
    return r  # error: M210 stack


def later_in_a_loop(n: u64, s: Slice[u8]) -> Slice[u8]:
    a: Array[u8] = array(16)
    r = s
    t = s
    for _ in range(n):
        r = t
        t = a
    return r  # error: M210 stack
