"""Reads a page of the language tests: its functions, and what its comments expect of the compiler.

A page is one source file under `pages/`. It is either accepted or refused:

* An accepted page has functions `test_…`, whose assertions hold, and `trap_…`, which must stop at a line marked
  `# trap: kind` (a `TrapKind` in lower case). Every marked line is reached by some `trap_…`. What a test prints stands
  in it, a line each, as `# prints: text`.
* A refused page marks each wrong line with `# error: M012 words of the message`, once for each diagnostic. Every
  diagnostic matches one mark and every mark one diagnostic.

Lines of their own after the docstring say more: `# cpython` (the values do not depend on width, so CPython must agree),
`# kernel` (compiled as a kernel program), `# machine` (needs addresses or C, which the interpreter does not know).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PAGES = HERE / "pages"

MARKS = ("cpython", "kernel", "machine")


@dataclass(frozen=True)
class Expected:
    """One diagnostic that a page expects."""

    line: int
    code: str
    words: str


@dataclass(frozen=True)
class Page:
    """One page and what it expects."""

    path: Path
    sentence: str
    marks: frozenset[str]
    errors: tuple[Expected, ...]
    traps: dict[int, str] = field(hash=False)
    tests: tuple[str, ...]
    trapping: tuple[str, ...]
    printed: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.topic}/{self.path.stem}"

    @property
    def topic(self) -> str:
        return self.path.parent.name

    @property
    def module(self) -> str:
        return f"pages.{self.topic}.{self.path.stem}"

    def prints(self, function: str) -> str:
        """What a function prints."""
        return "".join(f"{text}\n" for name, text in self.printed if name == function)

    @property
    def refused(self) -> bool:
        return bool(self.errors)


_ERROR = re.compile(r"# error: (?:(M\d+)\b ?)?(.*?)(?=  # error: |$)")
_TRAP = re.compile(r"# trap: (\w+)$")
_FUNCTION = re.compile(r"^def ((test|trap)_\w+)\(\) -> None:", re.MULTILINE)


def read_page(path: Path) -> Page:
    """The page in a file."""
    text = path.read_text()
    sentence = re.match(r'"""(.+?)"""', text)
    if sentence is None:
        raise ValueError(f"{path} does not begin with a sentence")
    errors: list[Expected] = []
    traps: dict[int, str] = {}
    marks: set[str] = set()
    printed: list[tuple[str, str]] = []
    function = ""
    for number, line in enumerate(text.splitlines(), 1):
        errors.extend(Expected(number, code or "", words.strip()) for code, words in _ERROR.findall(line))
        if trap := _TRAP.search(line):
            traps[number] = trap.group(1)
        if line.startswith("def "):
            function = line[4:].partition("(")[0]
        if "# prints: " in line:
            printed.append((function, line.partition("# prints: ")[2]))
        if line.startswith("# ") and line[2:] in MARKS:
            marks.add(line[2:])
    functions = _FUNCTION.findall(text)
    return Page(
        path,
        sentence.group(1),
        frozenset(marks),
        tuple(errors),
        traps,
        tuple(name for name, kind in functions if kind == "test"),
        tuple(name for name, kind in functions if kind == "trap"),
        tuple(printed),
    )


@cache
def all_pages() -> tuple[Page, ...]:
    """Every page, in the order of topics and names."""
    return tuple(read_page(path) for path in sorted(PAGES.glob("*/*.py")))


def accepted_pages() -> tuple[Page, ...]:
    return tuple(page for page in all_pages() if not page.refused)


def refused_pages() -> tuple[Page, ...]:
    return tuple(page for page in all_pages() if page.refused)
