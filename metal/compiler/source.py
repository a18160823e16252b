"""Source files and places in them: a `SourceFile` keeps its lines, a `Span` names one stretch of one line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True, eq=False)
class SourceFile:
    """One `.py` file of the program."""

    index: int
    path: Path
    module: str
    text: str
    lines: list[str] = field(default_factory=list[str])
    origin: Path | None = None
    """Where the file lies on this machine; None for a module given as a text."""

    @property
    def shown(self) -> str:
        """The path as messages and debug information show it: below the root it was found in."""
        return str(self.path)


@dataclass(slots=True, frozen=True)
class Span:
    """Where a node of the program stands; lines count from 1, columns from 0, the end is exclusive."""

    file: SourceFile
    line: int
    column: int
    end_line: int
    end_column: int
