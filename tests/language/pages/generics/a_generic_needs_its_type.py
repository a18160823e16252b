"""A generic struct without a type argument that can be found is refused."""
from typing import Generic, TypeVar

from metal import Array, array, struct, u32

T = TypeVar("T")


@struct
class Box(Generic[T]):
    many: Array[T] = array(2)


box: Box = Box()  # error: M071 Box


def f(b: Box[u32, u32]) -> u32:  # error: M071 Box
    return 0
