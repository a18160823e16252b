"""Generic code may be made of generic code, each part for its own types."""
# cpython
from __future__ import annotations

from typing import Generic, TypeVar

from metal import Array, Ptr, Slice, array, i8, struct, u8, u16, u32, u64

T = TypeVar("T")
K = TypeVar("K")


@struct
class Cell(Generic[T]):
    value: T

    def swap(self, v: T) -> T:
        before = self.value
        self.value = v
        return before


@struct
class Pair(Generic[K, T]):
    left: Cell[K]
    right: Cell[T]
    both: Array[Cell[T]] = array(2)

    def take(self, a: K, b: T) -> T:
        self.left.swap(a)
        return self.right.swap(b)


def first(s: Slice[T]) -> T:
    return s[0]


def last_of(s: Slice[T]) -> T:
    return first(s[len(s) - 1 :])


def exchange(p: Ptr[Pair[K, T]], a: K, b: T) -> T:
    return p.take(a, b)


def test_nested_storage() -> None:
    p: Pair[u8, u32] = Pair(Cell(1), Cell(100000))
    a: u8 = 255
    b: u32 = 7
    assert exchange(p, a, b) == 100000
    assert p.left.value == 255
    assert p.right.value == 7
    q: Pair[i8, u16] = Pair(Cell(-1), Cell(5))
    assert q.take(-128, 65535) == 5
    assert q.left.value == -128


def test_functions() -> None:
    x: Array[u64] = array(3)
    x[2] = 9
    assert last_of(x) == 9
    y: Array[bool] = array(2)
    y[1] = True
    assert last_of(y)


@struct
class Lamp:
    level: u32 = 3


@struct
class Holder(Generic[T]):
    item: Ptr[T] | None = None

    def hold(self, t: Ptr[T]) -> None:
        self.item = t


lamp: Lamp = Lamp()
holder: Holder[Lamp] = Holder()


def test_a_struct_as_argument() -> None:
    holder.hold(lamp)
    item = holder.item
    assert item is not None
    item.level = 8
    assert lamp.level == 8
