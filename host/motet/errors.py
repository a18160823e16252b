"""Every way a command can fail, as one family of exceptions; `__main__` draws them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motet.paths import shown

# Exit statuses of the command; every other one is the app's own.
STATUS_FAILED: Final = 1  # the command could not do what was asked
STATUS_USAGE: Final = 2  # the command line was wrong
STATUS_INTERNAL: Final = 70  # a mistake of ours
STATUS_TIMED_OUT: Final = 124  # --timeout ran out
STATUS_REFUSED: Final = 125  # the program does not compile, or the image is wrong
STATUS_FAULT: Final = 126  # the program faulted on the device
STATUS_INTERRUPTED: Final = 130  # Ctrl-C


@dataclass(frozen=True)
class Place:
    """A line of a file, and the part of it that is meant (columns count from 1; 0 means the whole line)."""

    file: Path
    line: int = 0
    column: int = 0
    length: int = 1

    def __str__(self) -> str:
        name = shown(self.file)
        return f"{name}:{self.line}" if self.line else name


class MotetError(Exception):
    """Something a person can put right: what is wrong, where, and what to do next."""

    status = STATUS_FAILED

    def __init__(self, sentence: str, *, place: Place | None = None, cure: str = "", code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.place = place
        self.cure = cure
        self.code = code

    def __str__(self) -> str:
        return draw(self)


class PlanError(MotetError):
    """A board or image file says something that cannot be done."""

    status = STATUS_REFUSED


class CompileError(MotetError):
    """A program was refused."""

    status = STATUS_REFUSED


class Diagnosed(CompileError):
    """A program was refused with diagnostics that the compiler drew itself."""

    def __str__(self) -> str:
        return self.sentence


class ToolError(MotetError):
    """A tool is missing or failed."""


class DeviceError(MotetError):
    """The device stopped in a way no program asked for."""

    status = STATUS_FAULT


class TimedOut(MotetError):
    """The device did not finish within the time it was given."""

    status = STATUS_TIMED_OUT


class Refusals(MotetError):
    """Several errors found together, so that a person sees all of them at once."""

    status = STATUS_REFUSED

    def __init__(self, errors: list[MotetError]) -> None:
        self.errors = sorted(
            errors, key=lambda error: (str(error.place and error.place.file), error.place.line if error.place else 0)
        )
        super().__init__(self.errors[0].sentence)

    def __str__(self) -> str:
        return "\n\n".join(draw(error) for error in self.errors)


def draw(error: MotetError) -> str:
    """The error as text: place and cause, the line with a mark under it, the next step, the page that says more."""
    lines: list[str] = []
    if error.place is None:
        lines.append(f"motet: {error.sentence}")
    else:
        lines.append(f"{error.place}: {error.sentence}")
    lines += marked_line(error.place, error.cure)
    if error.code:
        lines.append(f"  more: motet explain {error.code}")
    return "\n".join(lines)


def marked_line(place: Place | None, cure: str) -> list[str]:
    """The source line, and below it a mark that carries the cure."""
    source = source_line(place)
    if place is None or source is None:
        return [f"  {cure}"] if cure else []
    number = str(place.line)
    margin = " " * len(number)
    if place.column == 0:
        return [f"  {number} | {source}", f"  {margin} | {cure}" if cure else f"  {margin} |"]
    mark = " " * (place.column - 1) + "^" * max(1, place.length)
    return [f"  {number} | {source}", f"  {margin} | {mark} {cure}".rstrip()]


def source_line(place: Place | None) -> str | None:
    """The text of the line a place names, if it can be read."""
    if place is None or place.line == 0:
        return None
    try:
        lines = place.file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return lines[place.line - 1] if place.line <= len(lines) else None
