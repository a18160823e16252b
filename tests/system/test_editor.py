"""The line editor against a model of a line, and its drawing against a small terminal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metal.compiler.harness import load

KEYS = {
    "left": b"\x1b[D", "right": b"\x1b[C", "up": b"\x1b[A", "down": b"\x1b[B", "home": b"\x1b[H", "end": b"\x1b[F",
    "delete": b"\x1b[3~", "backspace": b"\x7f", "kill to end": b"\x0b", "kill to start": b"\x15", "word": b"\x17",
    "enter": b"\r",
}  # fmt: skip
PRESSES = st.lists(st.sampled_from([*KEYS, *"abc xé€𝄞"]), max_size=40)


@pytest.fixture(scope="module")
def shell() -> Any:
    return load("apps.shell.editor")


class Model:
    """What a line with a history is, in plain Python."""

    def __init__(self) -> None:
        self.text: str = ""
        self.cursor: int = 0
        self.age: int = 0
        self.past: list[str] = []

    def press(self, key: str) -> None:
        before, after = self.text[: self.cursor], self.text[self.cursor :]
        if key in ("left", "right", "home", "end"):
            moves = {"left": max(self.cursor - 1, 0), "right": min(self.cursor + 1, len(self.text)), "home": 0}
            self.cursor = moves.get(key, len(self.text))
        elif key == "backspace":
            self.replace(before[:-1], after)
        elif key == "delete":
            self.replace(before, after[1:])
        elif key == "kill to end":
            self.replace(before, "")
        elif key == "kill to start":
            self.replace("", after)
        elif key == "word":
            self.replace(re.sub(r"[^ ]*$", "", before.rstrip(" ")), after)
        elif key == "up":
            self.show(self.age + 1)
        elif key == "down":
            self.show(self.age - 1)
        elif key == "enter":
            if self.text and (not self.past or self.past[-1] != self.text):
                self.past.append(self.text)
            self.text, self.cursor, self.age = "", 0, 0
        else:
            self.replace(before + key, after)

    def replace(self, before: str, after: str) -> None:
        self.text, self.cursor = before + after, len(before)

    def show(self, age: int) -> None:
        if 0 <= age <= len(self.past):
            if age != self.age:
                self.text = self.past[-age] if age else ""
                self.cursor = len(self.text)
            self.age = age


class Terminal:
    """One line of a terminal: enough to carry out what the editor draws."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.column = 0

    def show(self, drawing: str) -> None:
        for part in re.findall(r"\x1b\[\d*[A-Z]|.", drawing, re.DOTALL):
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.cells = []
            elif part.startswith("\x1b"):
                count = int(part[2:-1] or "1")
                if part[-1] == "K":
                    del self.cells[self.column :]
                else:
                    self.column += -count if part[-1] == "D" else count
            else:
                self.cells[self.column : self.column + 1] = [part]
                self.column += 1


@settings(max_examples=150, deadline=None)
@given(presses=PRESSES)
def test_the_line_and_the_screen_are_what_a_person_expects(shell: Any, presses: list[str]) -> None:
    editor, model, terminal = shell.new("Editor"), Model(), Terminal()
    shell["apps.shell.editor.Editor.start"](editor, b"> ")
    terminal.show(drawn(editor))
    for press in presses:
        for byte in KEYS.get(press, press.encode()):
            shell["apps.shell.editor.Editor.key"](editor, byte)
            terminal.show(drawn(editor))
        model.press(press)
        if press == "enter":
            shell["apps.shell.editor.Editor.start"](editor, b"> ")
            terminal.show(drawn(editor))
        assert bytes(editor.data[i] for i in range(editor.length)).decode() == model.text
        assert "".join(terminal.cells) == "> " + model.text
        assert terminal.column == 2 + model.cursor


def test_a_full_line_takes_no_more(shell: Any) -> None:
    editor = shell.new("Editor")
    shell["apps.shell.editor.Editor.start"](editor, b"")
    for _ in range(300):
        shell["apps.shell.editor.Editor.key"](editor, ord("x"))
    assert editor.length == 256


def test_the_history_forgets_the_oldest(shell: Any) -> None:
    editor = shell.new("Editor")
    for number in range(40):
        shell["apps.shell.editor.Editor.start"](editor, b"")
        for byte in f"line {number}\r".encode():
            shell["apps.shell.editor.Editor.key"](editor, byte)
    shell["apps.shell.editor.Editor.start"](editor, b"")
    for _ in range(50):
        for byte in KEYS["up"]:
            shell["apps.shell.editor.Editor.key"](editor, byte)
    assert bytes(editor.data[i] for i in range(editor.length)) == b"line 8"


def drawn(editor: Any) -> str:
    """What the editor wants the terminal to show."""
    return bytes(editor.drawing.data[i] for i in range(editor.drawing.length)).decode()
