"""Every page through every road: what is accepted gives the same values everywhere, what is refused says why."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from metal.compiler.diagnostics import Diagnostics
from tests.language.reading import Expected, Page, accepted_pages, refused_pages
from tests.language.running import MATRIX, QUICK, Configuration, Outcome, compiled, interpret, run_batch, runnable

INTERPRETED = [page for page in accepted_pages() if runnable(page)]
COMPILED = [page for page in accepted_pages() if "kernel" not in page.marks]


def name_of(value: object) -> str:
    return value.name if isinstance(value, Page) else str(value)


def judge(page: Page, outcomes: dict[str, Outcome]) -> list[str]:
    """What went otherwise than the page says."""
    wrong = [f"{name}: {outcomes[name]}" for name in page.tests if outcomes[name] != Outcome(output=page.prints(name))]
    reached: set[int] = set()
    for name in page.trapping:
        outcome = outcomes[name]
        if page.traps.get(outcome.line) != outcome.kind or not outcome.file.endswith(f"{page.path.stem}.py"):
            wrong.append(f"{name}: {outcome}")
        reached.add(outcome.line)
    if page.trapping and not wrong:
        wrong += [f"no function reached the trap of line {line}" for line in sorted(set(page.traps) - reached)]
    return wrong


@pytest.mark.parametrize("page", accepted_pages(), ids=name_of)
def test_the_compiler_accepts(page: Page) -> None:
    program = compiled(page)
    assert not isinstance(program, Diagnostics), program.draw()


@pytest.mark.parametrize("page", INTERPRETED, ids=name_of)
def test_interpreted(page: Page) -> None:
    assert judge(page, {name: interpret(page, name) for name in (*page.tests, *page.trapping)}) == []


@pytest.mark.parametrize("page", COMPILED, ids=name_of)
def test_compiled(page: Page) -> None:
    judge_compiled(page, QUICK)


@pytest.mark.all
@pytest.mark.parametrize("page", COMPILED, ids=name_of)
@pytest.mark.parametrize("configuration", [c for c in MATRIX if c != QUICK], ids=name_of)
def test_compiled_in_every_way(page: Page, configuration: Configuration) -> None:
    judge_compiled(page, configuration)


def judge_compiled(page: Page, configuration: Configuration) -> None:
    if isinstance(compiled(page), Diagnostics):
        pytest.fail("the compiler does not accept this page")
    outcomes = run_batch(configuration)
    assert judge(page, {name: outcomes[page.name, name] for name in (*page.tests, *page.trapping)}) == []


def unmatched(page: Page, found: Iterable[tuple[int, str, str]]) -> tuple[list[Expected], list[tuple[int, str, str]]]:
    """The marks of a page without a diagnostic, and the diagnostics without a mark."""
    marks = list(page.errors)
    extra: list[tuple[int, str, str]] = []
    for line, code, message in found:
        match = next((m for m in marks if m.line == line and m.code in ("", code) and m.words in message), None)
        if match is None:
            extra.append((line, code, message))
        else:
            marks.remove(match)
    return marks, extra


@pytest.mark.parametrize("page", refused_pages(), ids=name_of)
def test_refused(page: Page) -> None:
    diagnostics = compiled(page)
    assert isinstance(diagnostics, Diagnostics), "the compiler accepts this page"
    assert all(d.span.file.shown.endswith(page.path.name) for d in diagnostics.found), diagnostics.draw()
    marks, extra = unmatched(page, [(d.span.line, d.code, f"{d.message} {d.hint}") for d in diagnostics.sorted()])
    assert (marks, extra) == ([], []), diagnostics.draw()
