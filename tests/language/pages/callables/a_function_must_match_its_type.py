"""The parameters and the result of a function value are checked."""
from collections.abc import Callable

from metal import u32, u64


def narrow(x: u32) -> u32:
    return x


def apply(f: Callable[[u64], u64]) -> u64:
    return f(1)


def g() -> u64:
    return apply(narrow)  # error: M010 Callable


def h(f: Callable[[u64], u64]) -> u64:
    return f(1, 2)  # error: M060 argument


def i(f: Callable[[u64], u64] | None) -> u64:
    return f(1)  # error: M020 None
