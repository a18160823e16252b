"""A type variable that no argument and no annotation tells is asked for."""
from typing import Generic, TypeVar

from metal import Array, array, struct, u64

T = TypeVar("T")


@struct
class Ring(Generic[T]):
    first: u64 = 0
    items: Array[T] = array(4)


def start() -> u64:
    ring = Ring()  # error: M072 what is T
    return 0
