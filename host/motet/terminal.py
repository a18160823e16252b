"""What a person sees on standard error: progress, notes and reports. Standard output belongs to the app alone."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def note(text: str) -> None:
    """One line about what is being done."""
    console.print(f"motet: {text}", style="dim", markup=False)


def complain(text: str) -> None:
    """A refusal or a report, its first line in red."""
    first, newline, rest = text.partition("\n")
    console.print(first, style="bold red", markup=False)
    if newline:
        console.print(rest, markup=False)


@contextmanager
def progress(text: str) -> Generator[None]:
    """Shows that something is under way; on a terminal the line moves and disappears when it is done."""
    if not sys.stderr.isatty():
        yield
        return
    with console.status(text):
        yield
