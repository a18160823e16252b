"""A compiler without one of its checks is caught by some page: every check is needed, and the pages work.

Four kinds of check are disabled, each in turn: the passes over the finished program, the codes of refusals, the checks
written into the typed form, and the checks in the C that every program stands on.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from metal.compiler import checks, ir
from metal.compiler.build import RUNTIME, c_flags
from metal.compiler.diagnostics import Diagnostics
from metal.compiler.interpret import Interpreter, Trapped
from metal.compiler.pipeline import compile_program
from metal.compiler.types import EnumType, IntegerType
from metal.compiler.walk import every
from metal.types.traps import TrapKind
from tests.language.reading import HERE, ROOT, Page, accepted_pages, refused_pages
from tests.language.running import HOST, ROOTS, Outcome, batch, compiled, driver, outcomes_of, page_options, runnable
from tests.language.test_pages import judge, unmatched

pytestmark = pytest.mark.all

MESSAGES = HERE / "messages"


# ---- passes over the finished program ----


def still_as_expected(page: Page, found: Diagnostics | ir.Program, without: str = "") -> bool:
    """Whether a refused page would pass with these diagnostics, but for those of one code."""
    if not isinstance(found, Diagnostics):
        return False
    kept = [d for d in found.sorted() if d.code != without]
    return unmatched(page, [(d.span.line, d.code, f"{d.message} {d.hint}") for d in kept]) == ([], [])


@pytest.mark.parametrize("name", checks.PASSES)
def test_a_page_misses_the_pass(name: str) -> None:
    for page in refused_pages():
        options = page_options(page, frozenset({name}))
        if not still_as_expected(page, compile_program(page.path, roots=ROOTS, target=HOST, options=options)):
            return
    pytest.fail(f"no page notices that the pass {name} is left out")


# ---- codes of refusals ----


def codes() -> list[str]:
    """Every code that the compiler can give, but M199, which says that the compiler itself failed."""
    sources = sorted((ROOT / "metal" / "compiler").rglob("*.py"))
    return sorted({code for path in sources for code in re.findall(r'"(M\d{3})"', path.read_text())} - {"M199"})


@cache
def codes_of_messages() -> frozenset[str]:
    """The codes in the golden texts of common mistakes."""
    return frozenset(code for path in MESSAGES.glob("*.txt") for code in re.findall(r": (M\d{3}): ", path.read_text()))


@pytest.mark.parametrize("code", codes())
def test_a_page_misses_the_refusal(code: str) -> None:
    for page in refused_pages():
        if any(mark.code in ("", code) for mark in page.errors) and not still_as_expected(page, compiled(page), code):
            return
    assert code in codes_of_messages(), f"no page and no message notices that {code} is not reported"


# ---- checks in the typed form ----

Change = Callable[[ir.Node], tuple[str, object] | None]
"""A field of a node and what it becomes, or None when this node has no such check."""


def unchecked_binary(operation: str) -> Change:
    def change(node: ir.Node) -> tuple[str, object] | None:
        if isinstance(node, ir.Binary) and node.operation == operation and node.checked:
            return "checked", False
        return None

    return change


def unchecked(kind: type[ir.Negate | ir.ElementPlace | ir.SliceElementPlace]) -> Change:
    def change(node: ir.Node) -> tuple[str, object] | None:
        return ("checked", False) if isinstance(node, kind) and node.checked else None

    return change


def wrapping_conversion(node: ir.Node) -> tuple[str, object] | None:
    if isinstance(node, ir.Convert) and node.mode == "checked" and isinstance(node.type, IntegerType):
        return "mode", "wrap"
    return None


def unchecked_member(node: ir.Node) -> tuple[str, object] | None:
    if isinstance(node, ir.Convert) and node.mode == "checked" and isinstance(node.type, EnumType):
        return "mode", "exact"
    return None


def other_kind(kind: TrapKind) -> Change:
    def change(node: ir.Node) -> tuple[str, object] | None:
        if isinstance(node, (ir.Check, ir.Trap)) and node.kind == kind:
            return "kind", TrapKind.UNREACHABLE
        return None

    return change


# `%`, `<<` and `>>` are not here: the interpreter checks them by definition, and `checked` only spares C the check.
CHANGES: dict[str, Change] = {
    **{f"unchecked {operation}": unchecked_binary(operation) for operation in ("+", "-", "*", "//")},
    "unchecked negation": unchecked(ir.Negate),
    "unchecked element": unchecked(ir.ElementPlace),
    "unchecked element of a slice": unchecked(ir.SliceElementPlace),
    "wrapping conversion": wrapping_conversion,
    "number as enum": unchecked_member,
    "assertion": other_kind(TrapKind.ASSERTION),
    "panic": other_kind(TrapKind.PANIC),
}


def interpreted(page: Page, program: ir.Program) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for name in (*page.tests, *page.trapping):
        interpreter = Interpreter(program)
        try:
            interpreter.call(name)
            outcomes[name] = Outcome(output=interpreter.take_output(0))
        except Trapped as trap:
            outcomes[name] = Outcome(trap.kind.name.lower(), trap.file, trap.line, output=interpreter.take_output(0))
        except Exception as error:
            outcomes[name] = Outcome(died=repr(error))
    return outcomes


@pytest.mark.parametrize("name", CHANGES)
def test_a_page_misses_the_check(name: str) -> None:
    for page in accepted_pages():
        program = compiled(page)
        if not page.trapping or not runnable(page) or isinstance(program, Diagnostics):
            continue
        before: list[tuple[ir.Node, str, object]] = []
        for function in program.functions:
            for node in every(function.body):
                changed = CHANGES[name](node)
                if changed is not None:
                    before.append((node, changed[0], getattr(node, changed[0])))
                    setattr(node, *changed)
        try:
            if before and judge(page, interpreted(page, program)):
                return
        finally:
            for node, field, value in before:
                setattr(node, field, value)
    pytest.fail(f"no page notices {name}")


# ---- checks in the C below every program ----

HEADER = (RUNTIME / "metal.h").read_text()
_CHECK = re.compile(r"\bTRAP\([A-Z]+, line\)|\bCHECK\([^;]*line\)")


def places() -> list[int]:
    """Where metal.h makes a check, apart from the definition of checks itself."""
    return [m.start() for m in _CHECK.finditer(HEADER) if "#define" not in HEADER[max(0, m.start() - 10) : m.start()]]


def name_of(place: int) -> str:
    return "line-" + str(HEADER.count("\n", 0, place) + 1)


@pytest.mark.parametrize("place", places(), ids=name_of)
def test_a_page_misses_the_c_check(place: int, tmp_path: Path) -> None:
    end = HEADER.index(")", HEADER.index("line", place)) + 1
    (tmp_path / "metal.h").write_text(f"{HEADER[:place]}((void)0){HEADER[end:]}")
    pages = batch()
    (tmp_path / "program.c").write_text(pages.text)
    (tmp_path / "driver.c").write_text(driver(len(pages.functions)))
    for step in (
        ["clang-19", *c_flags(HOST, optimize="0"), "-c", "program.c", "-o", "program.o"],
        ["clang-19", "-O0", "driver.c", "program.o", str(RUNTIME / "host.c"), "-o", "program"],
    ):
        done = subprocess.run(step, capture_output=True, text=True, timeout=300, cwd=tmp_path)
        assert done.returncode == 0, done.stderr[-3000:]
    outcomes = dict(
        zip(pages.functions, outcomes_of(tmp_path / "program", pages.files, len(pages.functions)), strict=True)
    )
    for page in accepted_pages():
        of_page = {name: outcome for (owner, name), outcome in outcomes.items() if owner == page.name}
        if of_page and judge(page, of_page):
            return
    pytest.fail(f"no page notices that {name_of(place)} of metal.h checks nothing")
