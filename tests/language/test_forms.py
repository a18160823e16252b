"""The pages themselves: their form, what CPython says about them, and how much of the language they cover."""

from __future__ import annotations

import subprocess
import sys

import pytest

from metal.types.traps import TrapKind
from tests.language.reading import HERE, ROOT, Page, accepted_pages, all_pages

CPYTHON = [page for page in accepted_pages() if "cpython" in page.marks]

ROWS = frozenset("""
    arrays assembly assignment atomics booleans callables constants control_flow conversions copying decorators
    division enums floats foreign functions generics globals imports integers local_storage loops mmio nullable
    pointers protocols raw_memory results shared slices structs tables text tuples usize with_blocks wrapping
""".split())  # fmt: skip
"""The rows of the language's table: each has pages that are accepted and pages that are refused."""

TRAPPING = frozenset("""
    arrays booleans callables control_flow conversions division enums evaluation_order floats generics integers
    loops mmio nullable raw_memory shared slices tables text with_blocks wrapping
""".split())  # fmt: skip
"""The rows in which something can fail while a program runs: each has pages that trap."""


def test_every_row_has_pages_of_every_sort() -> None:
    pages = all_pages()
    assert len(pages) >= 250
    assert ROWS - {page.topic for page in pages if page.tests} == set()
    assert ROWS - {page.topic for page in pages if page.refused} == set()
    assert TRAPPING - {page.topic for page in pages if page.trapping} == set()
    assert len([page for page in pages if page.topic == "attacks"]) >= 20


def test_every_trap_kind_is_reached() -> None:
    kinds = {kind for page in all_pages() for kind in page.traps.values()}
    assert kinds == {kind.name.lower() for kind in TrapKind}


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
