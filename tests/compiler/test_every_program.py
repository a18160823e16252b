"""What the front end makes of every program of the tree obeys the rules of the typed form."""

from __future__ import annotations

from pathlib import Path

import pytest

from metal.compiler import ir
from metal.compiler.diagnostics import Diagnostics
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_program
from metal.compiler.rules import violations
from motet.image import kernel_layout
from motet.plan.board import board_names, find_board
from motet.programs import kernel_request

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "tests" / "language" / "pages"
FOLDERS = sorted(folder for folder in PAGES.iterdir() if folder.is_dir())


def compiled(entry: Path | str, options: Options, roots: list[Path]) -> ir.Program | None:
    """The program, or None for a page that shows a refusal."""
    try:
        program = compile_program(entry, roots=roots, options=options)
    except Diagnostics:
        return None
    return program if isinstance(program, ir.Program) else None


@pytest.mark.parametrize("board", board_names())
def test_the_kernel_of_each_board(board: str) -> None:
    found = find_board(board)
    request = kernel_request(found, kernel_layout(found), cpus=2)
    program = compiled(request.entry, request.options, list(request.roots))
    assert program is not None and violations(program) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_pages_of_the_language(folder: Path) -> None:
    for page in sorted(folder.glob("*.py")):
        program = compiled(page, Options(all_functions=True), [PAGES.parent, ROOT])
        assert program is None or violations(program) == [], page.name


@pytest.mark.parametrize("app", sorted((ROOT / "apps").glob("*.py")), ids=lambda app: app.stem)
def test_the_examples(app: Path) -> None:
    program = compiled(app, Options(all_functions=True), [ROOT])
    assert program is None or violations(program) == []
