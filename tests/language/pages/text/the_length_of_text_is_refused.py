"""CPython counts characters where a program could only count bytes, so bytes must be asked for."""
from metal import u64


def f(s: str) -> u64:
    return len(s)  # error: M032 encode


def g(s: str) -> u64:
    n: u64 = 0
    for c in s:  # error: M032 encode
        n += 1
    return n
