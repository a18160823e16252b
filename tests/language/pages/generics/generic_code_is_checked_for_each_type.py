"""A generic body that its type argument cannot do is refused, and the message names the argument."""
from typing import TypeVar

from metal import struct, u32, u64

T = TypeVar("T")


@struct
class Cell:
    n: u32 = 0


def add(a: T, b: T) -> T:
    return a + b  # error: M016 Cell


def f(a: u64) -> u64:
    return add(a, a)


def g(c: Cell, d: Cell) -> u32:
    return add(c, d).n


def h(a: u32, b: u64) -> u64:
    return add(a, b)  # error: M010 where
