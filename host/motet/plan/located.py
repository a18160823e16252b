"""TOML that remembers where each value stands, so that a wrong one can be pointed at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from motet.errors import Place, PlanError

HEADER = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+")
ENTRY = re.compile(
    r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\")(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"))*)\s*=\s*(.*?)\s*(?:#[^\"']*)?$"
)
SYNTAX = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


@dataclass(frozen=True)
class Value:
    """A leaf: a text, number, flag or list."""

    content: object
    place: Place


@dataclass
class Table:
    """A table: named values and tables below it."""

    place: Place
    entries: dict[str, Value | Table] = field(default_factory=dict[str, "Value | Table"])

    def merged(self, upper: Table) -> Table:
        """This table with every entry of `upper` in its place, tables entry by entry."""
        result = Table(upper.place, dict(self.entries))
        for name, entry in upper.entries.items():
            below = result.entries.get(name)
            if isinstance(below, Table) and isinstance(entry, Table):
                result.entries[name] = below.merged(entry)
            else:
                result.entries[name] = entry
        return result


def read_table(path: Path) -> Table:
    """Reads one file; what TOML itself refuses is told with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PlanError("the file is not UTF-8 text", place=Place(path), code="P001") from None
    except OSError as problem:
        raise PlanError(f"cannot read it: {problem.strerror}", place=Place(path), code="P001") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        sentence, place = syntax_error(path, text, str(problem))
        raise PlanError(sentence, place=place, code="P001") from None
    return build(path, places_in(path, text), (), cast("Mapping[str, object]", data))


def syntax_error(path: Path, text: str, message: str) -> tuple[str, Place]:
    """tomllib's message without its position, and the position as a place."""
    found = SYNTAX.search(message)
    lines = text.splitlines()
    line, column = len(lines), 0
    if found is not None and found.group(1):
        line, column = int(found.group(1)), int(found.group(2))
    sentence = SYNTAX.sub("", message)
    return f"this is not TOML: {sentence[:1].lower()}{sentence[1:]}", Place(path, max(line, 1), column)


def places_in(path: Path, text: str) -> dict[tuple[str, ...], Place]:
    """Where each table header and each value stands."""
    places: dict[tuple[str, ...], Place] = {(): Place(path, 1)}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = HEADER.match(line)
        entry = None if header else ENTRY.match(line)
        if header is not None:
            table = names_of(header.group(1))
            places[table] = Place(path, number, header.start(1) + 1, len(header.group(1)))
        elif entry is not None:
            start = entry.start(2) + 1
            places.setdefault(
                (*table, *names_of(entry.group(1))), Place(path, number, start, max(1, len(entry.group(2))))
            )
    return places


def names_of(dotted: str) -> tuple[str, ...]:
    """`programs."my app"` as its names."""
    return tuple(part.strip().strip('"') for part in dotted.split("."))


def build(
    path: Path, places: Mapping[tuple[str, ...], Place], at: tuple[str, ...], data: Mapping[str, object]
) -> Table:
    """The tree with places; what could not be located points at its nearest table."""
    here = nearest(places, at) or Place(path, 1)
    table = Table(here)
    for name, content in data.items():
        below = (*at, name)
        if isinstance(content, dict):
            table.entries[name] = build(path, places, below, cast("Mapping[str, object]", content))
        else:
            table.entries[name] = Value(content, nearest(places, below) or here)
    return table


def nearest(places: Mapping[tuple[str, ...], Place], at: tuple[str, ...]) -> Place | None:
    """The place of these names, or of the closest table around them."""
    for length in range(len(at), -1, -1):
        if at[:length] in places:
            return places[at[:length]]
    return None
