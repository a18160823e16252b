"""A row of bits over words that its owner gives."""

from __future__ import annotations

from metal import U64, Slice, popcount, struct, trailing_zeros, u64


@struct
class Bitmap:
    """Bit i is bit i % 64 of word i // 64; an index outside the words traps."""

    words: Slice[u64]

    def size(self) -> u64:
        return len(self.words) * 64

    def test(self, index: u64) -> bool:
        return (self.words[index // 64] >> index % 64) & 1 == 1

    def set(self, index: u64) -> None:
        self.words[index // 64] |= U64(1) << index % 64

    def clear(self, index: u64) -> None:
        self.words[index // 64] &= ~(U64(1) << index % 64)

    def put(self, index: u64, value: bool) -> None:
        if value:
            self.set(index)
        else:
            self.clear(index)

    def count(self) -> u64:
        """How many bits are set."""
        total: u64 = 0
        for word in self.words:
            total += popcount(word)
        return total

    def first_set(self) -> u64 | None:
        """The lowest index whose bit is set."""
        for i in range(len(self.words)):
            word = self.words[i]
            if word != 0:
                return i * 64 + trailing_zeros(word)
        return None

    def first_clear(self) -> u64 | None:
        """The lowest index whose bit is clear."""
        for i in range(len(self.words)):
            word = ~self.words[i]
            if word != 0:
                return i * 64 + trailing_zeros(word)
        return None

    def next_set(self, index: u64) -> u64 | None:
        """The lowest index from index on whose bit is set: how a bitmap is walked."""
        if index >= self.size():
            return None
        first = index // 64
        word = self.words[first] >> index % 64
        if word != 0:
            return index + trailing_zeros(word)
        for i in range(first + 1, len(self.words)):
            if self.words[i] != 0:
                return i * 64 + trailing_zeros(self.words[i])
        return None

    def fill(self, value: bool) -> None:
        self.words.fill(U64.MAX if value else 0)
