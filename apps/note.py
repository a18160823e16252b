"""Writes a note, or shows all: `note buy milk`, `note`, `note --clear`."""

from typing import Final

from apps.notes import LONGEST, Notes, text_of
from metal import Array, array, u8
from metal.library.text import Text
from system.app import Arguments, CallError, connect

SECOND: Final = 1_000_000_000

memory: Array[u8] = array(LONGEST)


def main(arguments: Arguments) -> u8:
    """The status is 0 when the notes did what was asked."""
    notes = connect(Notes, "notes")
    if isinstance(notes, CallError):
        print(f"no notes: {notes}")
        return 1
    if arguments.count() == 0:
        return show(notes)
    if arguments.text(0) == "--clear":
        failed = notes.clear()
        return 0 if failed is None else 1
    return add(notes, arguments)


def add(notes: Notes, arguments: Arguments) -> u8:
    """The words of the command make one note."""
    line = Text(memory)
    for index in range(arguments.count()):
        space = "" if index == 0 else " "
        if line.append(f"{space}{arguments.text(index)}") is not None:
            print(f"a note has at most {LONGEST} bytes")
            return 1
    added = notes.add(line.view())
    if isinstance(added, CallError):
        print(f"not written: {added}")
        return 1
    if not added:
        print("the notebook is full; note --clear empties it")
        return 1
    newest = notes.title()
    if not isinstance(newest, CallError):
        print(f"noted: {newest}")
    return 0


def show(notes: Notes) -> u8:
    """One line a note: when it was written, in seconds since the start, and what it says."""
    count = notes.count()
    if isinstance(count, CallError):
        print(f"no answer: {count}")
        return 1
    for number in range(count):
        note = notes.read(number)
        if isinstance(note, CallError):
            print(f"no answer: {note}")
            return 1
        print(f"{note.written // SECOND:6} s  {text_of(note)}")
    if count == 0:
        print("no notes")
    return 0
