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
    """Says what is under way; on a terminal the line disappears when it is done.

    No thread draws it: compiling forks, and a fork must not copy another thread's locks.
    """
    if not sys.stderr.isatty():
        note(text)
        yield
        return
    sys.stderr.write(f"\x1b[2mmotet: {text} ...\x1b[0m")
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
