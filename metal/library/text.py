"""Text that is built piece by piece in memory of a fixed capacity; f-strings append to it."""

from __future__ import annotations

from metal import Array, Slice, View, appender, array, as_text, i64, struct, u8, u32, u64
from metal.library.failures import Full, Malformed
from metal.library.numbers import LONGEST, format_signed, format_unsigned
from metal.library.utf8 import encode_character


@struct
class Text:
    """UTF-8 in memory that its owner gives. A piece that does not fit whole is not added, and `Full` says so."""

    memory: Slice[u8]
    used: u64 = 0

    @appender
    def append(self, text: str) -> Full | None:
        """Add a text, or an f-string: `line.append(f"{count:4} lamps")`."""
        return self.append_bytes(text.encode())

    def append_bytes(self, data: View[u8]) -> Full | None:
        """Add bytes that are known to be UTF-8."""
        if len(data) > len(self.memory) - self.used:
            return Full.FULL
        self.memory[self.used : self.used + len(data)].copy_from(data)
        self.used += len(data)
        return None

    def append_character(self, code: u32) -> Full | Malformed | None:
        """Add one character, given by its number in Unicode."""
        length = encode_character(code, self.memory[self.used :])
        if isinstance(length, Malformed):
            return length
        if isinstance(length, Full):
            return length
        self.used += length
        return None

    def append_unsigned(self, value: u64, base: u64 = 10, width: u64 = 1) -> Full | None:
        """Add a number in a base, with zeros in front up to a width."""
        digits: Array[u8] = array(LONGEST)
        length = format_unsigned(value, digits, base, width)
        if isinstance(length, Full):
            return length
        return self.append_bytes(digits[:length])

    def append_signed(self, value: i64, base: u64 = 10) -> Full | None:
        """Add a number in a base, with its sign when it is below zero."""
        digits: Array[u8] = array(LONGEST)
        length = format_signed(value, digits, base)
        if isinstance(length, Full):
            return length
        return self.append_bytes(digits[:length])

    def view(self) -> str:
        """What the text says now; it shows the text's own memory."""
        return as_text(self.memory[: self.used])

    def bytes(self) -> View[u8]:
        """The bytes of what the text says now."""
        return self.memory[: self.used]

    def room(self) -> u64:
        """How many bytes still fit."""
        return len(self.memory) - self.used

    def equals(self, other: str) -> bool:
        return self.view() == other

    def clear(self) -> None:
        self.used = 0

    def shorten(self, length: u64) -> None:
        """Keep at most so many bytes, and only whole characters of them."""
        if length >= self.used:
            return
        self.used = length
        while self.used > 0 and self.memory[self.used] & 0xC0 == 0x80:
            self.used -= 1

    def remove_last(self) -> bool:
        """Take the last character away; the result is False when there was none."""
        if self.used == 0:
            return False
        self.shorten(self.used - 1)
        return True
