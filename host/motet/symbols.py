"""From an address in a program to what a person wrote: function, file, line, and which check failed there."""

from __future__ import annotations

import ast
import bisect
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from elftools.elf.elffile import ELFFile

from metal.compiler.traps import TrapSite, describe, read_traps
from motet.inlined import file_of, inlined_at
from motet.paths import ROOT


@dataclass(frozen=True)
class Position:
    """Where an address is; `file` is as the program's debug information says it."""

    function: str
    file: str
    line: int

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} in {self.function}" if self.function else where


class Symbols:
    """One program's names and lines, read when first asked for."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self.traps: dict[int, TrapSite] = read_traps(program)
        with program.open("rb") as file:
            elf: Any = ELFFile(BytesIO(file.read()))
        self.functions = read_functions(elf)
        self.dwarf: Any = elf.get_dwarf_info() if elf.has_dwarf_info() else None
        self.lines = read_lines(self.dwarf) if self.dwarf is not None else []

    def check_at(self, address: int) -> str | None:
        """What failed, when the address is that of a failed check."""
        site = self.traps.get(address)
        return None if site is None else describe(site.kind)

    def positions(self, address: int, after_call: bool = False) -> list[Position]:
        """Where an address is, and who called that within the same code; a return address is in the call before it."""
        wanted = address - 1 if after_call else address
        function = self.function_at(wanted)
        if function is None:
            return []
        site = self.traps.get(wanted)
        row = below(self.lines, wanted)
        if site is not None:
            file, line = site.file, site.line
        else:
            file, line = (row[2], row[1]) if row is not None else ("", 0)
        found: list[Position] = []
        for merged in inlined_at(self.dwarf, wanted) if self.dwarf is not None else []:
            found.append(Position(spoken(merged.name), file, line))
            file, line = merged.file, merged.line
        return [*found, Position(spoken(function[2]), file, line)]

    def function_at(self, address: int) -> tuple[int, int, str] | None:
        """Start, end and C name of the function an address is in."""
        function = below(self.functions, address)
        return function if function is not None and address < function[1] else None


@lru_cache(maxsize=32)
def symbols_of(program: Path) -> Symbols:
    """The symbols of a program, read once."""
    return Symbols(program)


def below(rows: list[tuple[int, int, str]], address: int) -> tuple[int, int, str] | None:
    """The last row that starts at or below an address."""
    index = bisect.bisect_right(rows, address, key=lambda row: row[0])
    return rows[index - 1] if index else None


def read_functions(elf: Any) -> list[tuple[int, int, str]]:
    """Start, end and name of every function, in order."""
    table = elf.get_section_by_name(".symtab")
    if table is None:
        return []
    rows: list[tuple[int, int, str]] = []
    for symbol in table.iter_symbols():
        if symbol["st_info"]["type"] == "STT_FUNC":
            start = int(symbol["st_value"])
            rows.append((start, start + max(1, int(symbol["st_size"])), str(symbol.name)))
    return sorted(rows)


def read_lines(dwarf: Any) -> list[tuple[int, int, str]]:
    """Address, line and file of every row of the line table, in order."""
    rows: list[tuple[int, int, str]] = []
    for unit in dwarf.iter_CUs():
        program = dwarf.line_program_for_CU(unit)
        if program is None:
            continue
        for entry in program.get_entries():
            state = entry.state
            if state is not None and not state.end_sequence:
                rows.append((int(state.address), int(state.line), file_of(program, int(state.file))))
    return sorted(rows, key=lambda row: row[0])


def spoken(symbol: str) -> str:
    """A C name as the Python name it was made from: `lamp__DeskLamp__switch` is `DeskLamp.switch` of lamp."""
    return symbol.replace("__", ".").strip(".")


def find_source(file: str, folders: tuple[Path, ...] = ()) -> Path | None:
    """The file that debug information names, in the folders it may lie in."""
    candidates = (folder / file for folder in (*folders, Path.cwd(), ROOT))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def source_text(source: Path, line: int) -> str | None:
    """One line of a source."""
    lines = source.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else None


def function_around(source: Path, line: int) -> str:
    """The function or method a line is in, as Python names it; the machine code may have moved it into its caller."""
    try:
        tree = ast.parse(source.read_text(encoding="utf-8", errors="replace"))
    except SyntaxError:
        return ""
    names: list[str] = []
    inside: list[ast.stmt] = tree.body
    while inside:
        within = [
            node
            for node in inside
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0)
        ]
        if not within:
            break
        names.append(within[0].name)
        inside = within[0].body
    return ".".join(names)
