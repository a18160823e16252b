"""Reads one table's settings by kind, and gathers every complaint instead of stopping at the first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar, cast

from motet.errors import MotetError, Place, PlanError
from motet.plan.located import Table, Value

T = TypeVar("T")

SIZE_UNITS: Final = {
    "": 1,
    "B": 1,
    "K": 1 << 10,
    "KiB": 1 << 10,
    "M": 1 << 20,
    "MiB": 1 << 20,
    "G": 1 << 30,
    "GiB": 1 << 30,
}
TIME_UNITS: Final = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
QUANTITY: Final = re.compile(r"^(\d+)\s*([A-Za-z]*)$")


class Settings:
    """One table under a name such as `programs.shell`; `errors` is shared by everything read for one image."""

    def __init__(self, table: Table, name: str, errors: list[MotetError]) -> None:
        self.table = table
        self.name = name
        self.errors = errors
        self.known: set[str] = set()

    def complain(self, place: Place, sentence: str, cure: str, code: str) -> None:
        """Notes one error and goes on."""
        self.errors.append(PlanError(sentence, place=place, cure=cure, code=code))

    def place(self, key: str) -> Place:
        """Where a setting stands, or the table it should stand in."""
        entry = self.table.entries.get(key)
        return entry.place if entry is not None else self.table.place

    def has(self, key: str) -> bool:
        """Whether the setting was written."""
        return key in self.table.entries

    def value(self, key: str, kind: type[T], wanted: str, default: T | None) -> T | None:
        """A value of one TOML type; `default` None means it must be there."""
        self.known.add(key)
        entry = self.table.entries.get(key)
        if entry is None:
            if default is None:
                self.complain(self.table.place, f'"{self.name}" needs "{key}"', f"add {key} = {wanted}", "P003")
            return default
        # A TOML boolean is a Python int, so the type is compared exactly.
        if not isinstance(entry, Value) or type(entry.content) is not kind:
            self.complain(
                entry.place, f'"{key}" of "{self.name}" has the wrong kind of value', f"write {key} = {wanted}", "P004"
            )
            return default
        return entry.content

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        return self.value(key, str, '"…"', default) or ""

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        return bool(self.value(key, bool, "true or false", default))

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        number = self.value(key, int, f"a number from {low} to {high}", default)
        if number is None:
            return low
        if not low <= number <= high:
            self.complain(
                self.place(key), f'"{key}" of "{self.name}" is {number}', f"it goes from {low} to {high}", "P004"
            )
            return min(max(number, low), high)
        return number

    def words(self, key: str) -> list[str]:
        """A list of texts; absent means empty."""
        items = self.value(key, list, '["…"]', cast("list[object]", []))
        if not all(isinstance(item, str) for item in items or []):
            self.complain(self.place(key), f'"{key}" of "{self.name}" must list texts', f'write {key} = ["…"]', "P004")
            return []
        return [str(item) for item in items or []]

    def numbers(self, key: str, low: int, high: int) -> list[int]:
        """A list of whole numbers within bounds; absent means empty."""
        items = self.value(key, list, "[1, 2]", cast("list[object]", []))
        numbers = [item for item in items or [] if type(item) is int and low <= item <= high]
        if len(numbers) != len(items or []):
            self.complain(
                self.place(key), f'"{key}" of "{self.name}" must list numbers', f"each from {low} to {high}", "P004"
            )
        return numbers

    def choice(self, key: str, choices: Mapping[str, T], default: str) -> T:
        """One of a few words."""
        word = self.text(key, default)
        if word not in choices:
            self.complain(
                self.place(key), f'"{key}" of "{self.name}" cannot be "{word}"', one_of(word, choices), "P004"
            )
            return choices[default]
        return choices[word]

    def size(self, key: str, default: str | None = None) -> int:
        """Bytes: "64K", "1M"."""
        return self.quantity(key, default, SIZE_UNITS, '"64K" or "1M"')

    def duration(self, key: str, default: str | None = None) -> int:
        """Nanoseconds: "2ms", "500us"."""
        return self.quantity(key, default, TIME_UNITS, '"2ms" or "500us"')

    def quantity(self, key: str, default: str | None, units: Mapping[str, int], wanted: str) -> int:
        """A number with a unit, as a text."""
        written = self.value(key, str, wanted, default)
        if written is None:
            return 0
        number = parse_quantity(written, units)
        if number is None:
            self.complain(
                self.place(key),
                f'"{key}" of "{self.name}" cannot be read: "{written}"',
                f"write it like {wanted}",
                "P005",
            )
            return 0
        return number

    def tables(self, key: str) -> dict[str, Settings]:
        """The tables below `key`, by name."""
        self.known.add(key)
        entry = self.table.entries.get(key)
        if entry is None:
            return {}
        if not isinstance(entry, Table):
            self.complain(entry.place, f'"{key}" must be tables', f"write [{key}.NAME]", "P004")
            return {}
        found: dict[str, Settings] = {}
        for name, below in entry.entries.items():
            if isinstance(below, Table):
                found[name] = Settings(below, f"{key}.{name}", self.errors)
            else:
                self.complain(below.place, f'"{key}.{name}" must be a table', f"write [{key}.{name}]", "P004")
        return found

    def below(self, key: str) -> Settings:
        """One table below; absent means empty."""
        self.known.add(key)
        entry = self.table.entries.get(key)
        if isinstance(entry, Table):
            return Settings(entry, key, self.errors)
        if entry is not None:
            self.complain(entry.place, f'"{key}" must be a table', f"write [{key}]", "P004")
        return Settings(Table(self.table.place), key, self.errors)

    def finish(self) -> None:
        """Complains of every setting that nobody asked for."""
        for key, entry in self.table.entries.items():
            if key not in self.known:
                where = f' in "{self.name}"' if self.name else ""
                self.complain(entry.place, f'there is no setting "{key}"{where}', one_of(key, self.known), "P002")


def parse_quantity(written: str, units: Mapping[str, int]) -> int | None:
    """`"64K"` by its units, or None."""
    found = QUANTITY.match(written.strip())
    if found is None or found.group(2) not in units:
        return None
    return int(found.group(1)) * units[found.group(2)]


def one_of(word: str, choices: Iterable[str]) -> str:
    """Names the nearest choice, or all of them."""
    names = sorted(choices)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return f'did you mean "{near[0]}"?' if near else f"it may be: {', '.join(names)}"
