"""The shell: reads a line, carries it out, and says what came of it."""

from __future__ import annotations

from typing import Final

from abi.console import TERMINAL
from abi.services.console import Console
from apps.shell.commands import carry_out
from apps.shell.editor import Editor, Typed
from metal import Array, Slice, array, u8, u64
from system.app import Arguments, CallError, connect

INPUT_BYTES: Final = 64

editor: Editor = Editor()
typed: Array[u8] = array(INPUT_BYTES)


def main(arguments: Arguments) -> u8:
    """Carries out its arguments, each a line, or reads lines until the input ends; the status is the last line's."""
    status: u8 = 0
    if arguments.count() > 0:
        for index in range(arguments.count()):
            status = carry_out(arguments.text(index).encode())
        return status
    print("Motet. help shows the commands.")
    prompt()
    while True:
        count = read_input()
        if count == 0:
            return status
        for index in range(count):
            what = editor.key(typed[index])
            draw(editor.drawing.data[0 : editor.drawing.length])
            match what:
                case Typed.MORE:
                    pass
                case Typed.LINE:
                    status = carry_out(editor.line())
                    prompt()
                case Typed.INTERRUPTED:
                    draw_text("^C\r\n")
                    prompt()
                case Typed.CLOSED:
                    draw_text("\r\n")
                    return status


def prompt() -> None:
    """Begins a new line."""
    editor.start(b"motet> ")
    draw(editor.drawing.data[0 : editor.drawing.length])


def read_input() -> u64:
    """Waits for typed bytes: how many; 0 when no more will come."""
    console = connect(Console, "console")
    if isinstance(console, CallError):
        return 0
    while True:
        count = console.read(typed)
        if not isinstance(count, CallError):
            return count
        if count == CallError.UNREACHABLE or count == CallError.REFUSED:
            return 0


def draw(data: Slice[u8]) -> None:
    """Sends bytes to the terminal; without one there is nobody to tell."""
    console = connect(Console, "console")
    if len(data) == 0 or isinstance(console, CallError):
        return
    failed = console.write(TERMINAL, data)
    if failed is not None and failed == CallError.SERVER_DIED:
        # The console began anew and may have lost the bytes: once more.
        failed = console.write(TERMINAL, data)


def draw_text(text: str) -> None:
    """Sends text to the terminal."""
    console = connect(Console, "console")
    if not isinstance(console, CallError) and console.write(TERMINAL, text.encode()) is not None:
        return
