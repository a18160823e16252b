"""Every refusal of the compiler: where, what is wrong, what to do next, and how it is drawn.

A pass that meets a mistake raises `Refused`; whoever can go on after it (the loop over statements, over declarations)
catches it and keeps the `Diagnostic`, so that a file shows all its mistakes at once. Each code has a page in
`docs/errors/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from metal.compiler.source import Span


@dataclass(slots=True, frozen=True)
class Diagnostic:
    """One mistake: `code` names its page, `message` says what is wrong, `hint` the next step."""

    code: str
    span: Span
    message: str
    hint: str = ""

    def draw(self) -> str:
        """The text a person reads: place, sentence, the line with a caret, the next step."""
        span = self.span
        head = f"{span.file.shown}:{span.line}:{span.column + 1}: {self.code}: {self.message}"
        rows = [head]
        if 0 < span.line <= len(span.file.lines):
            text = span.file.lines[span.line - 1]
            shown = text.expandtabs(4)
            start = len(text[: span.column].expandtabs(4))
            end = span.end_column if span.end_line == span.line else len(text)
            width = max(1, len(text[span.column : end].expandtabs(4).rstrip()))
            number = f"{span.line:>5}"
            rows += [f"{number} | {shown.rstrip()}", f"{' ' * len(number)} | {' ' * start}{'^' * width}"]
        if self.hint:
            rows.append(f"      = {self.hint}")
        return "\n".join(rows)


class Refused(Exception):
    """A construct cannot be compiled; carries the diagnostic."""

    def __init__(self, code: str, span: Span, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, span, message, hint)


def own_failure(span: Span, error: Exception) -> Refused:
    """A mistake of the compiler itself, shown at the line of the program that led to it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
    text = f"the compiler itself failed here: {type(error).__name__}{where}"
    return Refused("M199", span, text, f"this is a mistake of the compiler, please report it: {error}")


class Silenced(Refused):
    """A mistake that only follows from one already shown; nobody sees it."""

    def __init__(self, span: Span, message: str) -> None:
        super().__init__("", span, message)


class Diagnostics(Exception):
    """All mistakes of a program; raised once when compiling cannot go on."""

    def __init__(self, found: list[Diagnostic] | None = None) -> None:
        super().__init__("the program has mistakes")
        self.found: list[Diagnostic] = found if found is not None else []
        self._seen: set[tuple[str, int, int, int, str]] = set()

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a mistake, once (an instance of a generic function may meet it again)."""
        span = diagnostic.span
        key = (diagnostic.code, span.file.index, span.line, span.column, diagnostic.message)
        if key not in self._seen:
            self._seen.add(key)
            self.found.append(diagnostic)

    def note(self, refused: Refused) -> None:
        """Keep the mistake of a refusal, unless it only follows from another."""
        if not isinstance(refused, Silenced):
            self.add(refused.diagnostic)

    def sorted(self) -> list[Diagnostic]:
        """In the order of files and lines."""
        return sorted(self.found, key=lambda d: (d.span.file.index, d.span.line, d.span.column))

    def draw(self) -> str:
        """All of them, and how many."""
        found = self.sorted()
        if not found:
            return ""
        count = f"{len(found)} mistake{'s' if len(found) != 1 else ''}"
        first = found[0].code
        return "\n\n".join(d.draw() for d in found) + f"\n\n{count}; ./motet explain {first} tells more about {first}"

    def __str__(self) -> str:
        return self.draw()
