"""`**`, `@`, `in` and `:=` are refused, with what to write instead."""
from metal import Slice, u8, u32


def f(n: u32) -> u32:
    return n**2  # error: M016 **


def g(n: u32) -> u32:
    return n @ n  # error: M016 @


def h(n: u8, s: Slice[u8]) -> bool:
    return n in s  # error: M016 in


def i(n: u32) -> u32:
    if (m := n + 1) > 3:  # error: M002 :=
        return m
    return n
