"""What a terminal must be sent after a key: bytes in order, bounded by the longest line."""

from __future__ import annotations

from typing import Final

from metal import U8, Array, View, array, struct, u8, u64

ESCAPE: Final = 0x1B
BACKSPACE: Final = 0x08
DRAWING_BYTES: Final = 1024


@struct
class Drawing:
    """Bytes for the terminal; what would not fit, which the editor's limit on a line prevents, is left out."""

    length: u64 = 0
    data: Array[u8] = array(DRAWING_BYTES)

    def clear(self) -> None:
        """Forgets what was drawn."""
        self.length = 0

    def put(self, byte: u8) -> None:
        """Appends one byte."""
        if self.length < DRAWING_BYTES:
            self.data[self.length] = byte
            self.length += 1

    def write(self, text: View[u8]) -> None:
        """Appends bytes as they are."""
        for byte in text:
            self.put(byte)

    def left(self, columns: u64) -> None:
        """Moves the cursor left; nothing for zero columns, because a terminal reads 0 as 1."""
        self.move(columns, 0x44)

    def right(self, columns: u64) -> None:
        """Moves the cursor right."""
        self.move(columns, 0x43)

    def erase_to_end(self) -> None:
        """Erases from the cursor to the end of the line."""
        self.put(ESCAPE)
        self.put(0x5B)
        self.put(0x4B)

    def move(self, columns: u64, letter: u8) -> None:
        """Writes the escape sequence of a cursor movement."""
        if columns == 0:
            return
        self.put(ESCAPE)
        self.put(0x5B)
        self.number(columns)
        self.put(letter)

    def number(self, value: u64) -> None:
        """Appends a number of at most four digits."""
        divisor: u64 = 1000
        started = False
        while divisor > 0:
            digit = (value // divisor) % 10
            if digit != 0 or started or divisor == 1:
                self.put(0x30 + U8(digit))
                started = True
            divisor = divisor // 10
