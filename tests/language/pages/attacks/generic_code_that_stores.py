"""Escape: a generic container of references outlives what is put into it."""
from __future__ import annotations

from typing import Generic, TypeVar

from metal import Ptr, struct, u32

T = TypeVar("T")


@struct
class Cell:
    n: u32 = 0


@struct
class Box(Generic[T]):
    value: T | None = None

    def put(self, v: T) -> None:
        self.value = v


boxes: Box[Ptr[Cell]] = Box()


def attack() -> None:
    c = Cell(1)
    boxes.put(c)  # error: M212 stack


def store(b: Ptr[Box[T]], v: T) -> None:
    b.put(v)


def attack_through_a_generic_function() -> None:
    c = Cell(1)
    store(boxes, c)  # error: M212 stack


def fine() -> bool:
    b: Box[Ptr[Cell]] = Box()
    c = Cell(1)
    b.put(c)
    return b.value is c
