"""`motet bench [NAME]`: measures, compares with the references, and keeps the rows."""

from __future__ import annotations

import difflib
import importlib.util
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from motet.errors import MotetError
from motet.paths import ROOT
from motet.results import HEADINGS, NUMBERS, cells, grown, kept_values, page

KEPT = ROOT / "benches" / "RESULTS.md"
COLUMNS = ("bench", "case", "family", "metric", "value", "unit", "reference", "reference_value")


@click.command(short_help="measure, and compare with the references")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "output", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows to this file.")
@click.option("--write", "written", type=click.Path(dir_okay=False, path_type=Path), help="Write a page of Markdown.")
@click.option("--check", is_flag=True, help="Fail when an exact count is more than 2 % above the one that is kept.")
def command(names: tuple[str, ...], output: Path | None, written: Path | None, check: bool) -> int:
    """Runs the benches of benches/NAME, or all of them. Absolute times mean little; counts and ratios do."""
    from motet.terminal import progress

    known = sorted(path.parent.name for path in (ROOT / "benches").glob("*/measure.py"))
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            raise MotetError(
                f'there is no bench "{name}"',
                cure=f"there are: {', '.join(known)}" if not near else f'did you mean "{near[0]}"?',
            )
    found: dict[str, list[Mapping[str, object]]] = {}
    for name in names or known:
        with progress(f"measuring {name}"):
            found[name] = list(measure(name))
        show(name, found[name])
        rows = [row for bench in found.values() for row in bench]
        if output is not None:
            output.write_text(
                json.dumps([{column: row.get(column) for column in COLUMNS} for row in rows], indent=1) + "\n"
            )
    if check:
        worse = grown((row for bench in found.values() for row in bench), kept_values(KEPT.read_text(encoding="utf-8")))
        if worse:
            raise MotetError(
                "these cost more than before:\n  " + "\n  ".join(worse),
                cure=f"find out why, or keep the new counts: ./motet bench --write {KEPT.relative_to(ROOT)}",
            )
    if written is not None:
        written.write_text(page(found), encoding="utf-8")
    return 0


def measure(name: str) -> Iterable[Mapping[str, object]]:
    """Loads a bench by its file and runs it."""
    file = ROOT / "benches" / name / "measure.py"
    spec = importlib.util.spec_from_file_location(f"benches.{name}.measure", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rows: Iterable[Mapping[str, object]] = module.measure()
    return rows


def show(name: str, rows: list[Mapping[str, object]]) -> None:
    """The rows as a table, with the ratio to the reference."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=name, title_justify="left", box=None, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in NUMBERS else "left")
    for row in rows:
        table.add_row(*cells(row))
    console = Console(highlight=False)
    Console(width=None if console.is_terminal else 160, highlight=False).print(table)
