"""A queue of bytes between two parts of a program."""

from __future__ import annotations

from typing import Final

from metal import Array, Slice, View, array, struct, u8, u64

RING_BYTES: Final = 4096


@struct
class ByteRing:
    """First in, first out; what does not fit is not taken."""

    first: u64 = 0
    count: u64 = 0
    data: Array[u8] = array(RING_BYTES)

    def room(self) -> u64:
        """How many bytes fit."""
        return RING_BYTES - self.count

    def put(self, byte: u8) -> bool:
        """Appends a byte; whether there was room."""
        if self.count == RING_BYTES:
            return False
        self.data[(self.first + self.count) % RING_BYTES] = byte
        self.count += 1
        return True

    def take(self) -> u8:
        """Removes the oldest byte; an empty ring is the caller's mistake and traps."""
        assert self.count > 0
        byte = self.data[self.first]
        self.first = (self.first + 1) % RING_BYTES
        self.count -= 1
        return byte

    def peek(self, into: Slice[u8]) -> u64:
        """Copies the oldest bytes without removing them: how many."""
        count = self.count if self.count < len(into) else len(into)
        for index in range(count):
            into[index] = self.data[(self.first + index) % RING_BYTES]
        return count

    def drop(self, count: u64) -> None:
        """Removes the oldest bytes; more than there are is the caller's mistake and traps."""
        assert count <= self.count
        self.first = (self.first + count) % RING_BYTES
        self.count -= count

    def write(self, data: View[u8]) -> u64:
        """Appends as many bytes as fit: how many."""
        taken: u64 = 0
        while taken < len(data) and self.put(data[taken]):
            taken += 1
        return taken

    def read(self, into: Slice[u8]) -> u64:
        """Removes as many bytes as there are and fit: how many."""
        given: u64 = 0
        while given < len(into) and self.count > 0:
            into[given] = self.take()
            given += 1
        return given
