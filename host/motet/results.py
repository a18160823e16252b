"""Rows of benches as a page of Markdown, with the versions of what they were measured with."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
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
