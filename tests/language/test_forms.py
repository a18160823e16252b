"""The pages themselves: their form, what CPython says about them, and how much of the language they cover."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from metal.types.traps import TrapKind
from tests.language.reading import HERE, ROOT, Page, accepted_pages, all_pages

CPYTHON = [page for page in accepted_pages() if "cpython" in page.marks]

TOPICS = {
    "integers": 10, "conversions": 5, "wrapping": 4, "division": 5, "booleans": 3, "floats": 3, "constants": 3,
    "usize": 2, "structs": 5, "references": 4, "copying": 3, "local_storage": 4, "pointers": 2, "nullable": 5,
    "arrays": 6, "tables": 4, "slices": 7, "loops": 6, "assignment": 4, "control_flow": 5, "enums": 5, "results": 4,
    "tuples": 2, "with_blocks": 4, "callables": 5, "generics": 4, "text": 5, "atomics": 3, "mmio": 3, "raw_memory":
    3, "assembly": 2, "decorators": 2, "foreign": 2, "shared": 3, "imports": 4, "protocols": 2, "globals": 4,
    "functions": 3, "evaluation_order": 3, "refused": 8, "unions": 1, "attacks": 12,
}  # fmt: skip
"""How many pages each topic has at least: the rows of the language's table."""


def test_there_are_two_hundred_pages_and_every_topic_has_its_share() -> None:
    count = Counter(page.topic for page in all_pages())
    assert sum(count.values()) >= 200
    assert {topic: count[topic] for topic in TOPICS if count[topic] < TOPICS[topic]} == {}


def test_every_trap_kind_and_many_pages_of_each_sort_exist() -> None:
    kinds = {kind for page in all_pages() for kind in page.traps.values()}
    assert kinds <= {kind.name.lower() for kind in TrapKind}
    assert len([page for page in all_pages() if page.refused]) >= 70
    assert len([page for page in all_pages() if page.trapping]) >= 25
    assert len(CPYTHON) >= 50


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.name)
def test_a_page_is_a_sentence_and_expects_something(page: Page) -> None:
    assert page.sentence.endswith((".", "?")) and len(page.sentence) <= 118
    assert page.refused or page.tests or page.trapping
    assert not (page.refused and page.trapping)
    assert bool(page.traps) == bool(page.trapping)


def test_cpython_agrees_with_every_expected_value_that_has_no_width() -> None:
    """One CPython runs all the pages marked so, and names each assertion that fails."""
    calls = "\n".join(
        f"run({page.module!r}, {name!r}, {page.prints(name)!r})" for page in CPYTHON for name in page.tests
    )
    program = f"""
import contextlib, importlib, io, sys, traceback
failed = 0
def run(module, name, prints):
    global failed
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            getattr(importlib.import_module(module), name)()
            assert printed.getvalue() == prints, printed.getvalue()
        except BaseException:
            failed += 1
            traceback.print_exc(limit=-1)
            print("in", module, name, file=sys.stderr)
{calls}
raise SystemExit(failed > 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=HERE,
        env={"PYTHONPATH": f"{ROOT}:{HERE}", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
