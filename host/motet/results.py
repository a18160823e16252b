"""Rows of benches as a page of Markdown, with the versions of what they were measured with."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from motet.tools import all_tools, check_tool

HEADINGS: Final = ("case", "family", "metric", "value", "unit", "reference", "its value", "ratio")
NUMBERS: Final = ("value", "its value", "ratio")


def cells(row: Mapping[str, object]) -> tuple[str, ...]:
    """One row as texts, in the order of HEADINGS; the ratio is to the reference."""
    value, reference = row["value"], row.get("reference_value")
    ratio = ""
    if isinstance(value, int | float) and isinstance(reference, int | float) and reference:
        ratio = f"{value / reference:.2f}"
    texts = (row["case"], row["family"], row["metric"], number(value), row["unit"], row.get("reference") or "")
    return (*map(str, texts), number(reference), ratio)


EXACT: Final = ("instructions", "size")
"""The metrics that repeat to the last digit on the same tools, so that a change of one is a change of the program."""
TOLERANCE: Final = 0.02


def kept_values(text: str) -> dict[tuple[str, str, str, str], float]:
    """The exact values of a page, by bench, case, family and metric."""
    kept: dict[tuple[str, str, str, str], float] = {}
    bench = ""
    for row in text.splitlines():
        if row.startswith("## "):
            bench = row[3:].strip()
        fields = [field.strip() for field in row.strip("|").split(" | ")]
        if row.startswith("| ") and len(fields) >= 4 and fields[2] in EXACT:
            kept[bench, fields[0], fields[1], fields[2]] = float(fields[3].replace(",", ""))
    return kept


def grown(rows: Iterable[Mapping[str, object]], kept: Mapping[tuple[str, str, str, str], float]) -> list[str]:
    """Each operation that costs more than what was kept of it, by more than the tolerance."""
    found: dict[str, None] = {}
    for row in rows:
        value = row["value"]
        before = kept.get((str(row["bench"]), str(row["case"]), str(row["family"]), str(row["metric"])))
        if before is not None and isinstance(value, int | float) and value > before * (1 + TOLERANCE):
            found[f"{row['case']} on {row['family']}: {number(value)} instead of {number(before)} {row['unit']}"] = None
    return list(found)


def number(value: object) -> str:
    """A number as a person reads it."""
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return f"{int(value):,}"
    return f"{value:,.3f}" if isinstance(value, float) else ""


def page(benches: Mapping[str, Sequence[Mapping[str, object]]]) -> str:
    """The whole page."""
    lines = [
        "# Results",
        "",
        "Written by `./motet bench --write benches/RESULTS.md`. Instruction counts are exact and repeat; processor",
        "times depend on the machine and mean little beside another machine's.",
        "",
        f"Measured on {platform.system()} {platform.machine()}, Python {platform.python_version()}"
        + "".join(f", {tool.program} {check_tool(tool).found}" for tool in all_tools() if check_tool(tool).good)
        + ".",
    ]
    for name, rows in benches.items():
        lines += ["", f"## {name}", "", line(HEADINGS)]
        lines.append(line([":--" if heading not in NUMBERS else "--:" for heading in HEADINGS]))
        lines += [line(cells(row)) for row in rows]
    return "\n".join(lines) + "\n"


def line(texts: Sequence[str]) -> str:
    """One line of a table."""
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"
