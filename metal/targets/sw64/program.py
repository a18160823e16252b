"""A linked program of Alpha made into one of SW64: every word of code is translated, and everything else stays."""

from __future__ import annotations

import struct
from typing import Final

from metal.targets.sw64.encoding import UntranslatableError, encode

# ELF-64 (System V ABI, "Object Files"): where the header names the machine and the table of sections; one section.
MACHINE_PLACE: Final = 18
FLAGS_PLACE: Final = 48
SECTIONS_PLACE: Final = 40
SECTION_NUMBERS_PLACE: Final = 58
SECTION: Final = struct.Struct("<IIQQQQIIQQ")
BITS, EXECUTABLE = 1, 4

SW64: Final = 0x9916


def translate(program: bytes) -> bytes:
    """The program for SW64; raises `UntranslatableError` for an instruction that has no counterpart."""
    made = bytearray(program)
    struct.pack_into("<H", made, MACHINE_PLACE, SW64)
    struct.pack_into("<I", made, FLAGS_PLACE, 0)
    (table,) = struct.unpack_from("<Q", made, SECTIONS_PLACE)
    size, count = struct.unpack_from("<HH", made, SECTION_NUMBERS_PLACE)
    for index in range(count):
        _, kind, flags, address, offset, length, *_ = SECTION.unpack_from(made, table + index * size)
        if kind == BITS and flags & EXECUTABLE:
            for place in range(0, length, 4):
                (word,) = struct.unpack_from("<I", made, offset + place)
                try:
                    struct.pack_into("<I", made, offset + place, encode(word))
                except UntranslatableError as reason:
                    raise UntranslatableError(f"at {address + place:#x}: {reason}") from None
    return bytes(made)
