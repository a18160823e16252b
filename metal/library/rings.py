"""A queue over memory that its owner gives: first in, first out."""

from __future__ import annotations

from typing import Generic, TypeVar

from metal import Slice, struct, u64
from metal.library.failures import Full

T = TypeVar("T")


@struct
class Ring(Generic[T]):
    """Elements are numbers, bools, enums, texts or pointers."""

    memory: Slice[T]
    first: u64 = 0
    count: u64 = 0

    def capacity(self) -> u64:
        return len(self.memory)

    def is_empty(self) -> bool:
        return self.count == 0

    def is_full(self) -> bool:
        return self.count == len(self.memory)

    def place(self, offset: u64) -> u64:
        """Where the element stands that is offset places behind the first."""
        behind = len(self.memory) - self.first
        return self.first + offset if offset < behind else offset - behind

    def push(self, value: T) -> Full | None:
        """Put an element at the end."""
        if self.count == len(self.memory):
            return Full.FULL
        self.memory[self.place(self.count)] = value
        self.count += 1
        return None

    def push_over(self, value: T) -> bool:
        """Put an element at the end; a full ring loses its first for it, and the result says so."""
        lost = self.count == len(self.memory)
        if lost:
            self.memory[self.first] = value
            self.first = self.place(1)
        else:
            self.memory[self.place(self.count)] = value
            self.count += 1
        return lost

    def pop(self) -> T | None:
        """Take the first element."""
        if self.count == 0:
            return None
        value = self.memory[self.first]
        self.first = self.place(1)
        self.count -= 1
        return value

    def peek(self, offset: u64) -> T:
        """The element that is offset places behind the first; offset must be below `count`."""
        assert offset < self.count
        return self.memory[self.place(offset)]

    def clear(self) -> None:
        self.first = 0
        self.count = 0
