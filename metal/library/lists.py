"""A list over memory that its owner gives: it grows up to that capacity, and a full one says so."""

from __future__ import annotations

from typing import Generic, TypeVar

from metal import Slice, struct, u64
from metal.library.failures import Full

T = TypeVar("T")


@struct
class List(Generic[T]):
    """Elements are numbers, bools, enums, texts or pointers; for structs there is `Pool`."""

    memory: Slice[T]
    count: u64 = 0

    def capacity(self) -> u64:
        return len(self.memory)

    def is_empty(self) -> bool:
        return self.count == 0

    def is_full(self) -> bool:
        return self.count == len(self.memory)

    def elements(self) -> Slice[T]:
        """The elements, in order; it shows the list's own memory."""
        return self.memory[: self.count]

    def get(self, index: u64) -> T:
        """The element at an index, which must be below `count`."""
        return self.elements()[index]

    def put(self, index: u64, value: T) -> None:
        """Replace the element at an index, which must be below `count`."""
        self.elements()[index] = value

    def append(self, value: T) -> Full | None:
        if self.count == len(self.memory):
            return Full.FULL
        self.memory[self.count] = value
        self.count += 1
        return None

    def pop(self) -> T | None:
        """Take the last element."""
        if self.count == 0:
            return None
        self.count -= 1
        return self.memory[self.count]

    def insert(self, index: u64, value: T) -> Full | None:
        """Put an element before an index, or at the end; those after it move up."""
        assert index <= self.count
        if self.count == len(self.memory):
            return Full.FULL
        self.memory[index + 1 : self.count + 1].copy_from(self.memory[index : self.count])
        self.memory[index] = value
        self.count += 1
        return None

    def remove(self, index: u64) -> T:
        """Take the element at an index, which must be below `count`; those after it move down."""
        value = self.elements()[index]
        self.memory[index : self.count - 1].copy_from(self.memory[index + 1 : self.count])
        self.count -= 1
        return value

    def remove_unordered(self, index: u64) -> T:
        """Take the element at an index and put the last one in its place: constant time."""
        value = self.elements()[index]
        self.count -= 1
        self.memory[index] = self.memory[self.count]
        return value

    def clear(self) -> None:
        self.count = 0
