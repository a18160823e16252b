"""Takes a command line apart into words; quotes keep blanks inside a word."""

from __future__ import annotations

from typing import Final

from apps.shell.history import LINE_BYTES
from metal import U64, Array, Slice, View, array, struct, u8, u64

WORDS: Final = 32
BLANK: Final = 0x20
QUOTE: Final = 0x22


@struct
class Words:
    """The words of one line, without their quotes."""

    count: u64 = 0
    # A quote was opened and not closed, or there were too many words.
    wrong: bool = False
    starts: Array[u64] = array(WORDS)
    ends: Array[u64] = array(WORDS)
    length: u64 = 0
    data: Array[u8] = array(LINE_BYTES)

    def split(self, line: View[u8]) -> None:
        """Takes a line of at most LINE_BYTES apart."""
        self.count = 0
        self.length = 0
        self.wrong = False
        quoted = False
        inside = False
        for byte in line:
            if byte == QUOTE:
                if not inside:
                    inside = True
                    self.open()
                quoted = not quoted
            elif byte == BLANK and not quoted:
                if inside:
                    self.close()
                inside = False
            else:
                if not inside:
                    inside = True
                    self.open()
                self.data[self.length] = byte
                self.length += 1
        if inside:
            self.close()
        if quoted:
            self.wrong = True

    def open(self) -> None:
        """A word begins here."""
        if self.count == WORDS:
            self.wrong = True
        else:
            self.starts[self.count] = self.length

    def close(self) -> None:
        """The word ends here."""
        if self.count < WORDS:
            self.ends[self.count] = self.length
            self.count += 1

    def word(self, index: u64) -> Slice[u8]:
        """One word, numbered from 0."""
        assert index < self.count
        return self.data[self.starts[index] : self.ends[index]]

    def joined(self, first: u64, into: Slice[u8]) -> u64:
        """Copies the words from `first` on, each ended by a zero byte: how many bytes, or more than fit."""
        place: u64 = 0
        for index in range(first, self.count):
            word = self.word(index)
            if place + len(word) + 1 > len(into):
                return len(into) + 1
            into[place : place + len(word)].copy_from(word)
            place += len(word)
            into[place] = 0
            place += 1
        return place


def parse_number(text: View[u8], limit: u64) -> u64:
    """A decimal number of at most `limit`; limit + 1 for anything else."""
    value: u64 = 0
    if len(text) == 0:
        return limit + 1
    for byte in text:
        if byte < 0x30 or byte > 0x39:
            return limit + 1
        value = value * 10 + U64(byte) - 0x30
        if value > limit:
            return limit + 1
    return value
