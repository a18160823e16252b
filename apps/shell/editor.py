"""A line being typed: keys go in, what the terminal must draw comes out."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from apps.shell.drawing import BACKSPACE, ESCAPE, Drawing
from apps.shell.history import LINE_BYTES, History
from metal import U64, Array, Slice, View, array, struct, u8, u64

DELETE: Final = 0x7F
CONTINUATION_MASK: Final = 0xC0
CONTINUATION: Final = 0x80
CHARACTER_BYTES: Final = 4


class Typed(IntEnum):
    """What a key led to."""

    MORE = 0
    LINE = 1
    INTERRUPTED = 2
    CLOSED = 3


class Sequence(IntEnum):
    """How far an escape sequence has been read."""

    NONE = 0
    ESCAPED = 1
    BRACKET = 2


@struct
class Editor:
    """One line with a cursor, in UTF-8; the cursor stands between characters, never inside one."""

    length: u64 = 0
    cursor: u64 = 0
    data: Array[u8] = array(LINE_BYTES)
    partial: Array[u8] = array(CHARACTER_BYTES)
    collected: u64 = 0
    missing: u64 = 0
    sequence: Sequence = Sequence.NONE
    parameter: u64 = 0
    # How many lines back in the history is shown; 0 is the line being typed.
    age: u64 = 0
    after_return: bool = False
    drawing: Drawing = Drawing()
    history: History = History()

    def line(self) -> Slice[u8]:
        """The text typed so far."""
        return self.data[0 : self.length]

    def start(self, prompt: View[u8]) -> None:
        """Begins a new line after the prompt."""
        self.length = 0
        self.cursor = 0
        self.age = 0
        self.sequence = Sequence.NONE
        self.drawing.clear()
        self.drawing.write(prompt)

    def key(self, byte: u8) -> Typed:
        """Takes one byte from the terminal; `drawing` then holds what to send back."""
        self.drawing.clear()
        match self.sequence:
            case Sequence.ESCAPED:
                self.sequence = Sequence.NONE
                if byte == 0x5B or byte == 0x4F:
                    self.sequence = Sequence.BRACKET
                    self.parameter = 0
                return Typed.MORE
            case Sequence.BRACKET:
                self.finish_sequence(byte)
                return Typed.MORE
            case Sequence.NONE:
                return self.plain_key(byte)

    def plain_key(self, byte: u8) -> Typed:
        """A byte that is not part of an escape sequence."""
        # A terminal may end a line with both characters: the second one is not another line.
        second_half = byte == 0x0A and self.after_return
        self.after_return = byte == 0x0D
        if second_half:
            return Typed.MORE
        if byte == 0x0D or byte == 0x0A:
            self.move_to(self.length)
            self.drawing.put(0x0D)
            self.drawing.put(0x0A)
            self.history.add(self.line())
            return Typed.LINE
        if byte == 0x03:
            return Typed.INTERRUPTED
        if byte == 0x04:
            if self.length == 0:
                return Typed.CLOSED
            self.erase(self.cursor, self.after(self.cursor))
        elif byte == ESCAPE:
            self.sequence = Sequence.ESCAPED
        elif byte == BACKSPACE or byte == DELETE:
            self.erase(self.before(self.cursor), self.cursor)
        elif byte >= 0x20:
            self.character(byte)
        else:
            self.control(byte)
        return Typed.MORE

    def control(self, byte: u8) -> None:
        """The control keys that people's hands know from other shells."""
        if byte == 0x01:
            self.move_to(0)
        elif byte == 0x02:
            self.move_to(self.before(self.cursor))
        elif byte == 0x05:
            self.move_to(self.length)
        elif byte == 0x06:
            self.move_to(self.after(self.cursor))
        elif byte == 0x0B:
            self.erase(self.cursor, self.length)
        elif byte == 0x0E:
            self.show_newer()
        elif byte == 0x10:
            self.show_older()
        elif byte == 0x15:
            self.erase(0, self.cursor)
        elif byte == 0x17:
            self.erase(self.word_start(), self.cursor)

    def finish_sequence(self, byte: u8) -> None:
        """The rest of an escape sequence: digits, then the letter that says which key it was."""
        if 0x30 <= byte <= 0x39:
            if self.parameter < 100:
                self.parameter = self.parameter * 10 + U64(byte) - 0x30
            return
        self.sequence = Sequence.NONE
        if byte == 0x41:
            self.show_older()
        elif byte == 0x42:
            self.show_newer()
        elif byte == 0x43:
            self.move_to(self.after(self.cursor))
        elif byte == 0x44:
            self.move_to(self.before(self.cursor))
        elif byte == 0x48:
            self.move_to(0)
        elif byte == 0x46:
            self.move_to(self.length)
        elif byte == 0x7E:
            self.numbered_key()

    def numbered_key(self) -> None:
        """Keys sent as a number: 1 and 7 home, 4 and 8 end, 3 delete."""
        if self.parameter == 1 or self.parameter == 7:
            self.move_to(0)
        elif self.parameter == 4 or self.parameter == 8:
            self.move_to(self.length)
        elif self.parameter == 3:
            self.erase(self.cursor, self.after(self.cursor))

    def character(self, byte: u8) -> None:
        """Collects the bytes of one character: half a character is never in the line nor on the terminal."""
        if byte & CONTINUATION_MASK == CONTINUATION:
            if self.missing == 0:
                return
            self.partial[self.collected] = byte
            self.collected += 1
            self.missing -= 1
        else:
            self.partial[0] = byte
            self.collected = 1
            self.missing = continuation_bytes(byte)
        if self.missing == 0:
            self.insert(self.partial[0 : self.collected])

    def insert(self, text: View[u8]) -> None:
        """Puts one character at the cursor; a full line takes no more."""
        size = len(text)
        if self.length + size > LINE_BYTES:
            return
        place = self.length
        while place > self.cursor:
            place -= 1
            self.data[place + size] = self.data[place]
        for index in range(size):
            self.data[self.cursor + index] = text[index]
        self.length += size
        self.drawing.write(self.data[self.cursor : self.length])
        self.cursor += size
        self.drawing.left(self.columns(self.cursor, self.length))

    def erase(self, start: u64, end: u64) -> None:
        """Removes the bytes from start to end and redraws what followed."""
        if start == end:
            return
        self.move_to(start)
        removed = end - start
        for place in range(end, self.length):
            self.data[place - removed] = self.data[place]
        self.length -= removed
        self.drawing.write(self.data[start : self.length])
        self.drawing.erase_to_end()
        self.drawing.left(self.columns(start, self.length))

    def move_to(self, place: u64) -> None:
        """Puts the cursor at a place between two characters."""
        if place < self.cursor:
            self.drawing.left(self.columns(place, self.cursor))
        else:
            self.drawing.right(self.columns(self.cursor, place))
        self.cursor = place

    def show_older(self) -> None:
        """Shows the line entered before the shown one."""
        if self.age < self.history.count:
            self.age += 1
            self.replace(self.history.at(self.age - 1))

    def show_newer(self) -> None:
        """Shows the line entered after the shown one; after the newest comes an empty line."""
        if self.age > 1:
            self.age -= 1
            self.replace(self.history.at(self.age - 1))
        elif self.age == 1:
            self.age = 0
            self.replace(self.data[0:0])

    def replace(self, text: View[u8]) -> None:
        """Puts another text in place of the line."""
        self.move_to(0)
        for index in range(len(text)):
            self.data[index] = text[index]
        self.length = len(text)
        self.cursor = self.length
        self.drawing.write(text)
        self.drawing.erase_to_end()

    def before(self, place: u64) -> u64:
        """The start of the character that ends at a place."""
        while place > 0:
            place -= 1
            if self.data[place] & CONTINUATION_MASK != CONTINUATION:
                break
        return place

    def after(self, place: u64) -> u64:
        """The end of the character that starts at a place."""
        if place < self.length:
            place += 1
        while place < self.length and self.data[place] & CONTINUATION_MASK == CONTINUATION:
            place += 1
        return place

    def word_start(self) -> u64:
        """Where the word left of the cursor begins."""
        place = self.cursor
        while place > 0 and self.data[place - 1] == 0x20:
            place -= 1
        while place > 0 and self.data[place - 1] != 0x20:
            place -= 1
        return place

    def columns(self, start: u64, end: u64) -> u64:
        """How many characters lie between two places."""
        count: u64 = 0
        for place in range(start, end):
            if self.data[place] & CONTINUATION_MASK != CONTINUATION:
                count += 1
        return count


def continuation_bytes(first: u8) -> u64:
    """How many bytes follow the first one of a character; none for a byte that begins no character."""
    if first >= 0xF0 and first < 0xF8:
        return 3
    if first >= 0xE0 and first < 0xF0:
        return 2
    if first >= 0xC0 and first < 0xE0:
        return 1
    return 0
