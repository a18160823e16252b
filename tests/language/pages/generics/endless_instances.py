"""Generic code that asks for itself with ever larger types never ends, so it is refused."""
from typing import Generic, TypeVar

from metal import struct, u32

T = TypeVar("T")


@struct
class Wrap(Generic[T]):
    inner: T


def deeper(value: T, turns: u32) -> u32:  # error: M088 instances
    if turns == 0:
        return 0
    wrapped = Wrap(value)
    return deeper(wrapped, turns - 1)


def start(value: u32) -> u32:
    return deeper(value, 3)
