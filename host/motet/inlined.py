"""Which functions the compiler merged into the code at an address, and where each was called: from DWARF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

INLINED: Final = "DW_TAG_inlined_subroutine"
FUNCTION: Final = "DW_TAG_subprogram"
BLOCK: Final = "DW_TAG_lexical_block"


@dataclass(frozen=True)
class Inlined:
    """One function that was merged into another: its C name, and the line that calls it."""

    name: str
    file: str
    line: int


def inlined_at(dwarf: Any, address: int) -> list[Inlined]:
    """The merged functions around an address, the innermost first."""
    for unit in dwarf.iter_CUs():
        for child in unit.get_top_DIE().iter_children():
            if child.tag == FUNCTION and covers(dwarf, unit, child, address):
                lines = dwarf.line_program_for_CU(unit)
                return list(reversed(list(descend(dwarf, unit, child, address, lines))))
    return []


def descend(dwarf: Any, unit: Any, entry: Any, address: int, lines: Any) -> Iterator[Inlined]:
    """From a function's entry inwards, along what covers the address."""
    for child in entry.iter_children():
        if child.tag in (INLINED, BLOCK) and covers(dwarf, unit, child, address):
            if child.tag == INLINED:
                origin = child.get_DIE_from_attribute("DW_AT_abstract_origin")
                file = file_of(lines, value(child, "DW_AT_call_file"))
                yield Inlined(text(origin, "DW_AT_name"), file, value(child, "DW_AT_call_line"))
            yield from descend(dwarf, unit, child, address, lines)
            return


def file_of(lines: Any, number: int) -> str:
    """The path that a line table gives a file: its folder and its name (DWARF 4 and 5, section 6.2.4)."""
    old = lines["version"] < 5
    entry = lines["file_entry"][number - (1 if old else 0)]
    name = entry.name.decode(errors="replace")
    folder = int(entry.dir_index)
    if folder == 0 or name.startswith("/"):
        return name
    return f"{lines['include_directory'][folder - (1 if old else 0)].decode(errors='replace')}/{name}"


def covers(dwarf: Any, unit: Any, entry: Any, address: int) -> bool:
    """Whether an entry's code holds the address."""
    if "DW_AT_ranges" in entry.attributes:
        base = value(unit.get_top_DIE(), "DW_AT_low_pc")
        for part in dwarf.range_lists().get_range_list_at_offset(value(entry, "DW_AT_ranges"), unit):
            if hasattr(part, "base_address"):
                base = part.base_address
            elif base + part.begin_offset <= address < base + part.end_offset:
                return True
        return False
    if "DW_AT_low_pc" not in entry.attributes or "DW_AT_high_pc" not in entry.attributes:
        return False
    low, high = value(entry, "DW_AT_low_pc"), value(entry, "DW_AT_high_pc")
    relative = entry.attributes["DW_AT_high_pc"].form != "DW_FORM_addr"
    return low <= address < (low + high if relative else high)


def value(entry: Any, name: str) -> int:
    """A number of an entry, 0 when it has none."""
    return int(entry.attributes[name].value) if name in entry.attributes else 0


def text(entry: Any, name: str) -> str:
    """A text of an entry, empty when it has none."""
    return entry.attributes[name].value.decode(errors="replace") if name in entry.attributes else ""
