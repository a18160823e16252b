"""Makes the file that UEFI firmware loads out of the linked loader and a system ("PE Format", Microsoft)."""

from __future__ import annotations

import runpy
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection

from abi import loading
from motet.errors import MotetError
from motet.image import loaded_parts
from motet.paths import ROOT
from motet.records import pack, size_of


@dataclass(frozen=True)
class Family:
    """What such files say of a CPU family: written by the port, in loader/arch/FAMILY.py."""

    file_name: str  # that firmware looks for (UEFI 2.10, table 3.3)
    machine: int
    own_address: int  # the only relocation that a linked loader may have


def family_of(target: str) -> Family:
    """Reads the port's constants."""
    file = ROOT / "loader" / "arch" / f"{target}.py"
    if not file.is_file():
        raise MotetError(f"there is no loader for {target}", cure=f"write loader/arch/{target}.py")
    constants = runpy.run_path(str(file))
    return Family(str(constants["FILE_NAME"]), int(constants["FILE_MACHINE"]), int(constants["OWN_ADDRESS"]))


FILE_ALIGNMENT: Final = 512
PAGE: Final = 4096
HEADERS: Final = PAGE
READ, WRITE, EXECUTE = 0x4000_0000, 0x8000_0000, 0x2000_0000
CODE, INITIALIZED, DISCARDABLE = 0x20, 0x40, 0x0200_0000
EFI_APPLICATION: Final = 10
RELOCATION_DIRECTORY: Final = 5
# Of an image: executable and aware of large addresses; of its memory: it may be anywhere, and no data is executed.
IMAGE_FLAGS: Final = 0x22
MEMORY_FLAGS: Final = 0x0160
WIDE_RELOCATION: Final = 10


@dataclass(frozen=True)
class Section:
    """One stretch of the loader's memory."""

    name: str
    address: int
    data: bytearray
    memory: int
    flags: int


@dataclass(frozen=True)
class System:
    """What the loader is to start."""

    memory: bytes
    load_address: int
    entry: int


LINK_SCRIPT: Final = f"""\
ENTRY(uefi_start)
PHDRS
{{
    text PT_LOAD FLAGS(5);
    data PT_LOAD FLAGS(6);
    dynamic PT_DYNAMIC FLAGS(6);
}}
SECTIONS
{{
    . = {HEADERS:#x};
    .text : {{ __file_start = . - {HEADERS:#x}; *(.text .text.*) }} :text
    .rodata : {{ *(.rodata .rodata.*) }} :text
    .metal_trap : {{ __metal_trap_start = .; KEEP(*(.metal_trap)) __metal_trap_end = .; }} :text
    .hash : {{ *(.hash) }} :text
    .gnu.hash : {{ *(.gnu.hash) }} :text
    .dynsym : {{ *(.dynsym) }} :text
    .dynstr : {{ *(.dynstr) }} :text
    .rela : {{ *(.rela.dyn) *(.rela.plt) }} :text
    . = ALIGN({PAGE});
    .data : {{ *(.data .data.*) *(.got .got.*) }} :data
    .dynamic : {{ *(.dynamic) }} :data :dynamic
    .bss : {{ *(.bss .bss.* COMMON) }} :data
    /DISCARD/ : {{ *(.comment) *(.note .note.*) *(.eh_frame*) *(.ARM.*) *(*.attributes) }}
}}
"""


def efi_file(loader: Path, family: Family, system: System) -> bytes:
    """The file."""
    with loader.open("rb") as file:
        elf = ELFFile(file)
        sections = loaded_sections(elf)
        places = relocate(elf, family, sections)
        entry = int(elf["e_entry"])
    sections.append(relocation_section(places, end_of(sections)))
    sections.append(system_section(system, end_of(sections)))
    return lay_file(family, entry, sections)


def loaded_sections(elf: ELFFile) -> list[Section]:
    """A section for each segment: first what is executed, then what is written."""
    sections: list[Section] = []
    for part in loaded_parts(elf):
        executed = bool(part["p_flags"] & 1)
        sections.append(
            Section(
                name=".text" if executed else ".data",
                address=int(part["p_vaddr"]),
                data=bytearray(part.data()),
                memory=int(part["p_memsz"]),
                flags=CODE | READ | EXECUTE if executed else INITIALIZED | READ | WRITE,
            )
        )
    return sections


def end_of(sections: list[Section]) -> int:
    """The first page behind all sections."""
    last = sections[-1]
    return (last.address + last.memory + PAGE - 1) // PAGE * PAGE


def relocate(elf: ELFFile, family: Family, sections: list[Section]) -> list[int]:
    """Writes each address that the data holds to its place, as for memory that begins at 0; the places."""
    places: list[int] = []
    for table in elf.iter_sections():
        if not isinstance(table, RelocationSection):
            continue
        for entry in table.iter_relocations():
            place, kind, address = int(entry["r_offset"]), int(entry["r_info_type"]), int(entry["r_addend"])
            if kind != family.own_address:
                raise MotetError(
                    f"the loader has a relocation of type {kind} at {place:#x}, which its file cannot have"
                )
            section = next(one for one in sections if one.address <= place < one.address + len(one.data))
            section.data[place - section.address : place - section.address + 8] = address.to_bytes(8, "little")
            places.append(place)
    return sorted(places)


def relocation_section(places: list[int], address: int) -> Section:
    """A block for each page that has such places; one of padding where there are none, so that there is a table."""
    blocks = bytearray()
    for page in sorted({place // PAGE * PAGE for place in places}) or [0]:
        entries = [WIDE_RELOCATION << 12 | place - page for place in places if place // PAGE * PAGE == page]
        entries += [0] * (len(entries) % 2 or (0 if entries else 2))
        blocks += struct.pack("<II", page, 8 + 2 * len(entries)) + struct.pack(f"<{len(entries)}H", *entries)
    return Section(".reloc", address, blocks, len(blocks), INITIALIZED | DISCARDABLE | READ)


def system_section(system: System, address: int) -> Section:
    """The record that the loader looks for, and the system's memory."""
    offset = size_of(loading.SystemRecord)
    record = loading.SystemRecord(
        magic=loading.MAGIC,
        offset=offset,
        bytes_used=len(system.memory),
        load_address=system.load_address,
        entry=system.entry,
    )
    data = bytearray(pack(record) + system.memory)
    name = loading.SECTION.to_bytes(8, "little").rstrip(b"\0").decode()
    return Section(name, address, data, len(data), INITIALIZED | READ)


def lay_file(family: Family, entry: int, sections: list[Section]) -> bytes:
    """Headers, then each section's bytes."""
    body = bytearray()
    table = bytearray()
    for section in sections:
        offset = HEADERS + len(body)
        body += section.data + bytes(-len(section.data) % FILE_ALIGNMENT)
        table += struct.pack(
            "<8sIIIIIIHHI",
            section.name.encode(), section.memory, section.address, HEADERS + len(body) - offset, offset,
            0, 0, 0, 0, section.flags,
        )  # fmt: skip
    directories = bytearray(16 * 8)
    relocations = next(section for section in sections if section.name == ".reloc")
    struct.pack_into("<II", directories, RELOCATION_DIRECTORY * 8, relocations.address, relocations.memory)
    code = next(section for section in sections if section.flags & CODE)
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII",
        0x20B, 0, 0,
        len(code.data), sum(len(one.data) for one in sections) - len(code.data), 0,
        entry, code.address,
        0, PAGE, FILE_ALIGNMENT,
        0, 0, 0, 0, 0, 0, 0,
        end_of(sections), HEADERS, 0,
        EFI_APPLICATION, MEMORY_FLAGS,
        0, 0, 0, 0, 0, 16,
    ) + directories  # fmt: skip
    old = b"MZ" + bytes(58) + struct.pack("<I", 64)
    new = b"PE\0\0" + struct.pack("<HHIIIHH", family.machine, len(sections), 0, 0, 0, len(optional), IMAGE_FLAGS)
    headers = old + new + optional + table
    return headers + bytes(HEADERS - len(headers)) + body
