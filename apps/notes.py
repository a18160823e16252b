"""Keeps notes while the device runs: text, and when it was written."""

from typing import Final

from metal import U8, Array, array, as_text, struct, u8, u64
from system.app import CallError, interface, now, serve

LIMIT: Final = 32
LONGEST: Final = 120


@struct
class Note:
    """One note, as it travels."""

    written: u64 = 0  # nanoseconds since the start of the device
    length: u8 = 0
    text: Array[u8] = array(LONGEST)


@interface
class Notes:
    """What can be done with notes. They are numbered from 0, in the order in which they were written."""

    def add(self, text: str) -> bool | CallError: ...
    def count(self) -> u64 | CallError: ...
    def read(self, number: u64) -> Note | CallError: ...
    def title(self) -> str | CallError: ...
    def clear(self) -> CallError | None: ...


@struct
class Notebook:
    """Notes in memory; a full notebook says so."""

    used: u64 = 0
    notes: Array[Note] = array(LIMIT)

    def add(self, text: str) -> bool:
        """Whether there was room for the note."""
        data = text.encode()
        if self.used == LIMIT or len(data) > LONGEST:
            return False
        note = self.notes[self.used]
        note.written = now()
        note.length = U8(len(data))
        note.text[0 : len(data)].copy_from(data)
        self.used += 1
        return True

    def count(self) -> u64:
        return self.used

    def read(self, number: u64) -> Note | CallError:
        """The note of a number; one that was never written is refused."""
        if number >= self.used:
            return CallError.REFUSED
        return self.notes[number]

    def title(self) -> str:
        """The text of the newest note, or nothing."""
        if self.used == 0:
            return ""
        return text_of(self.notes[self.used - 1])

    def clear(self) -> None:
        self.used = 0


def text_of(note: Note) -> str:
    """What a note says."""
    return as_text(note.text[0 : note.length])


notebook: Notebook = Notebook()


def main() -> None:
    """Serves the notebook for ever."""
    serve(Notes, notebook, "notes")
