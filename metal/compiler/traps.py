"""From an address in a compiled program to the check that failed there: file, line and kind, read from the ELF file."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile  # pyright: ignore[reportMissingTypeStubs]

from metal.types.traps import TrapKind

# {pc relative to the entry, line, file number, kind}; see TRAP in runtime/metal.h.
_ENTRY = struct.Struct("<iIHH")


@dataclass(frozen=True)
class TrapSite:
    """One check in a program."""

    address: int
    file: str
    line: int
    kind: TrapKind

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {describe(self.kind)}"


_WORDS = {
    TrapKind.OVERFLOW: "arithmetic left its type",
    TrapKind.BOUNDS: "index out of range",
    TrapKind.DIVISION: "division by zero",
    TrapKind.CONVERSION: "value does not fit the type",
    TrapKind.SHIFT: "shift count as large as the width",
    TrapKind.ASSERTION: "assertion failed",
    TrapKind.UNREACHABLE: "a value outside its enum",
    TrapKind.PANIC: "panic",
    TrapKind.SLICE: "slice out of range",
}


def describe(kind: TrapKind) -> str:
    """What a kind of check means, in words for a person."""
    return _WORDS[kind]


def read_traps(path: Path) -> dict[int, TrapSite]:
    """Every check of a linked program, by the address of its trap instruction."""
    with path.open("rb") as stream:
        elf = ELFFile(stream)
        table = elf.get_section_by_name(".metal_trap")
        names = elf.get_section_by_name(".metal_files")
        if table is None or names is None:
            return {}
        names_data: bytes = names.data()
        files: list[str] = names_data.decode().split("\0")
        base = int(table["sh_addr"])
        sites: dict[int, TrapSite] = {}
        for offset, entry in enumerate(_ENTRY.iter_unpack(bytes(table.data()))):
            relative, line, file, kind = map(int, entry)
            address = base + offset * _ENTRY.size + relative
            sites[address] = TrapSite(address, files[file], line, TrapKind(kind))
        return sites
