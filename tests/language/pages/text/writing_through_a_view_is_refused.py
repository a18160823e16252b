"""A view only reads; a literal's bytes cannot change."""
from metal import Slice, View, u8


def f(v: View[u8]) -> None:
    v[0] = 1  # error: M055 read-only


def g(s: Slice[u8]) -> None:
    s[0] = 1


def h(v: View[u8]) -> None:
    g(v)  # error: M010 View[u8] where Slice[u8] is wanted
    g(b"abc")  # error: M010 where Slice[u8] is wanted
    g(v[1:])  # error: M010 View[u8] where Slice[u8] is wanted
