"""Every example of docs/language.md compiles, runs and prints what it says, or is refused for the reason it says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from metal.compiler.diagnostics import Diagnostics
from tests.language.reading import ROOT, Page, read_page
from tests.language.running import WORK, Outcome, compiled, interpret, runnable
from tests.language.test_pages import unmatched

REFERENCE = ROOT / "docs" / "language.md"
_EXAMPLE = re.compile(r"^```python( wrong)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[int, bool, str]]:
    """Each example: its line in the page, whether it is meant to be wrong, its text."""
    text = REFERENCE.read_text()
    return [(text.count("\n", 0, m.start()) + 1, m[1] is not None, m[2]) for m in _EXAMPLE.finditer(text)]


@cache
def as_page(line: int, text: str) -> Page:
    """The example as a page of the language tests."""
    folder = WORK / "documentation" / "examples"
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(folder / f"line_{line}.py")
    path.write_text(f'"""The example at line {line}."""\n{text}')
    return read_page(path)


def test_the_reference_has_an_example_in_every_chapter() -> None:
    chapters = re.split(r"^## ", REFERENCE.read_text(), flags=re.MULTILINE)[1:]
    without = [chapter.splitlines()[0] for chapter in chapters if "```python" not in chapter]
    assert without == ["What is refused", "What is checked", "What is not guaranteed"]


@pytest.mark.parametrize(("line", "text"), [(line, text) for line, wrong, text in examples() if not wrong])
def test_a_good_example(line: int, text: str) -> None:
    page = as_page(line, text)
    program = compiled(page)
    assert not isinstance(program, Diagnostics), program.draw()
    if runnable(page):
        assert interpret(page, "main") == Outcome(output=page.prints("main"))


@pytest.mark.parametrize(("line", "text"), [(line, text) for line, wrong, text in examples() if wrong])
def test_a_wrong_example(line: int, text: str) -> None:
    page = as_page(line, text)
    diagnostics = compiled(page)
    assert isinstance(diagnostics, Diagnostics), "the compiler accepts it"
    found = [(d.span.line, d.code, f"{d.message} {d.hint}") for d in diagnostics.sorted()]
    assert unmatched(page, found) == ([], []), diagnostics.draw()
