"""What the loader finds behind itself in its file: the system, and where it wants to be in memory."""

from __future__ import annotations

from typing import Final

from metal import struct, u64

MAGIC: Final = 0x4D45_5453_5953_544D  # reads "MTSYSTEM" in a dump
SECTION: Final = 0x7465_746F_6D2E  # the name ".motet" in the eight bytes that such a file has for it


@struct
class SystemRecord:
    """The first bytes of that section; the system's memory follows at `offset`."""

    magic: u64 = 0
    offset: u64 = 0  # from the record's first byte
    bytes_used: u64 = 0
    load_address: u64 = 0  # physical, a multiple of the page size
    entry: u64 = 0  # physical, as a boot loader of this family enters the kernel
