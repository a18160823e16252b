"""The sections of the loader's own file, which firmware has put into memory with its headers in front.

The format is that of "PE Format" of Microsoft's documentation: an old header that says where the new one is, then one
entry of 40 bytes for each section.
"""

from __future__ import annotations

from typing import Final

from abi.loading import MAGIC, SECTION, SystemRecord
from metal import U64, Ptr, ptr_at, struct, symbol_address, u16, u32, u64

UNSAFE: Final = True

OLD_HEADER_BYTES: Final = 64
FILE_HEADER_BYTES: Final = 24


@struct
class OldHeader:
    """The end of the header for a system of long ago."""

    new_header: u32 = 0


@struct
class FileHeader:
    """The new header: a signature, and what is needed to skip what follows."""

    signature: u32 = 0
    machine: u16 = 0
    section_count: u16 = 0
    time: u32 = 0
    symbols: u32 = 0
    symbol_count: u32 = 0
    optional_bytes: u16 = 0
    flags: u16 = 0


@struct
class Section:
    """One section's entry."""

    name: u64 = 0
    memory_bytes: u32 = 0
    address: u32 = 0  # from the first byte of the file in memory
    file_bytes: u32 = 0
    file_offset: u32 = 0
    unused_low: u64 = 0
    unused_high: u32 = 0
    flags: u32 = 0


def find_system() -> Ptr[SystemRecord] | None:
    """The record of the system that the host has put into this file; None when there is none."""
    start = symbol_address("__file_start")
    header_at = start + U64(ptr_at(OldHeader, start + OLD_HEADER_BYTES - 4).new_header)
    header = ptr_at(FileHeader, header_at)
    first = header_at + FILE_HEADER_BYTES + U64(header.optional_bytes)
    for index in range(U64(header.section_count)):
        section = ptr_at(Section, first + index * 40)
        if section.name == SECTION:
            record = ptr_at(SystemRecord, start + U64(section.address))
            if record.magic == MAGIC:
                return record
    return None
