"""Lines entered before, newest first, in a ring that forgets the oldest."""

from __future__ import annotations

from typing import Final

from metal import Array, Slice, View, array, struct, u8, u64

LINE_BYTES: Final = 256
HISTORY_LINES: Final = 32


@struct
class PastLine:
    """One line as it was entered."""

    length: u64 = 0
    data: Array[u8] = array(LINE_BYTES)


@struct
class History:
    """The last lines; entry 0 is the newest."""

    count: u64 = 0
    newest: u64 = 0
    lines: Array[PastLine] = array(HISTORY_LINES)

    def at(self, age: u64) -> Slice[u8]:
        """The line entered `age` lines ago; an age beyond the count is the caller's mistake and traps."""
        assert age < self.count
        line = self.lines[(self.newest + HISTORY_LINES - age) % HISTORY_LINES]
        return line.data[0 : line.length]

    def add(self, text: View[u8]) -> None:
        """Remembers a line, unless it is empty, too long or the same as the newest."""
        if len(text) == 0 or len(text) > LINE_BYTES:
            return
        if self.count > 0 and same(self.at(0), text):
            return
        if self.count > 0:
            self.newest = (self.newest + 1) % HISTORY_LINES
        if self.count < HISTORY_LINES:
            self.count += 1
        line = self.lines[self.newest]
        line.length = len(text)
        for index in range(len(text)):
            line.data[index] = text[index]


def same(left: View[u8], right: View[u8]) -> bool:
    """Whether two texts are equal byte for byte."""
    if len(left) != len(right):
        return False
    for index in range(len(left)):
        if left[index] != right[index]:
            return False
    return True
