"""Compiles small sources for tests of the checks; a comment `# M210` marks a line that must be refused so."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from metal.compiler.diagnostics import Diagnostics
from metal.compiler.ir import Program
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_program
from metal.targets import target_named

ROOT = Path(__file__).parents[2]
_MARK = re.compile(r"#\s*((?:M\d{3}\s*)+)$")


def compiled(folder: Path, source: str, kernel: bool = False) -> Program | Diagnostics:
    """The finished program of a source text, or its mistakes."""
    path = folder / "example.py"
    path.write_text(textwrap.dedent(source))
    options = Options(kernel=kernel, all_functions=True)
    return compile_program(path, roots=[folder, ROOT], target=target_named("host"), options=options)


def check_marks(folder: Path, source: str, kernel: bool = False) -> None:
    """Every mark is refused, and nothing else is."""
    text = textwrap.dedent(source)
    found = compiled(folder, text, kernel)
    told = sorted((d.span.line, d.code) for d in found.found) if isinstance(found, Diagnostics) else []
    wanted: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = _MARK.search(line)
        wanted += [(number, code) for code in (mark[1].split() if mark else ())]
    assert told == sorted(wanted), found.draw() if isinstance(found, Diagnostics) else "nothing was refused"
