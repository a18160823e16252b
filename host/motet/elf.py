"""What the host needs of an executable: where its parts go, its entry, and the file's bytes of each part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

from abi import bundle
from motet.errors import MotetError


@dataclass(frozen=True)
class Segment:
    """One loadable part: memory beyond `data` is zero."""

    address: int
    data: bytes
    memory_bytes: int
    access: int


@dataclass(frozen=True)
class Executable:
    """An executable as the bundle wants it."""

    entry: int
    segments: list[Segment]


def read_executable(path: Path) -> Executable:
    """Reads an ELF file's loadable segments."""
    try:
        with path.open("rb") as file:
            elf = ELFFile(file)
            segments = [
                Segment(
                    address=int(part["p_vaddr"]),
                    data=part.data(),
                    memory_bytes=int(part["p_memsz"]),
                    access=access_of(int(part["p_flags"])),
                )
                for part in elf.iter_segments()
                if part["p_type"] == "PT_LOAD" and part["p_memsz"]
            ]
            return Executable(int(elf["e_entry"]), segments)
    except (OSError, ELFError) as problem:
        raise MotetError(f"{path} cannot be read as an executable: {problem}") from None


def access_of(flags: int) -> int:
    """ELF's flags (execute 1, write 2, read 4) as the bundle's."""
    access = 0
    if flags & 4:
        access |= bundle.READ
    if flags & 2:
        access |= bundle.WRITE
    if flags & 1:
        access |= bundle.EXECUTE
    return access
