"""The map of memory as firmware gives it (UEFI 2.10, section 7.2.3)."""

from __future__ import annotations

from typing import Final

from metal import struct, u32, u64

PAGE: Final = 4096

# Kinds of memory that nobody needs when the boot services are over: the loader's, the services' own, and the rest.
LOADER_CODE: Final = 1
BOOT_DATA: Final = 4
CONVENTIONAL: Final = 7


@struct
class MemoryMap:
    """Entries one by one; firmware may make them longer than it has told so far."""

    address: u64 = 0
    bytes_used: u64 = 0
    entry_bytes: u64 = 0


@struct
class MemoryEntry:
    """The part of an entry that is known."""

    kind: u32 = 0
    reserved: u32 = 0
    start: u64 = 0
    unused: u64 = 0
    pages: u64 = 0


def is_free(kind: u32) -> bool:
    """Whether memory of a kind is the system's once it runs."""
    return LOADER_CODE <= kind <= BOOT_DATA or kind == CONVENTIONAL
