"""Cyclic redundancy checks: CRC-16/CCITT-FALSE and the CRC-32 of Ethernet and zlib."""

from __future__ import annotations

from typing import Final

from metal import U16, U32, Array, View, comptime, const, u8, u16, u32

START16: Final = 0xFFFF
START32: Final = 0


@comptime
def table16() -> list[int]:
    rows: list[int] = []
    for byte in range(256):
        row = byte << 8
        for _ in range(8):
            row = (row << 1) ^ (0x1021 if row & 0x8000 else 0)
        rows.append(row & 0xFFFF)
    return rows


@comptime
def table32() -> list[int]:
    rows: list[int] = []
    for byte in range(256):
        row = byte
        for _ in range(8):
            row = (row >> 1) ^ (0xEDB88320 if row & 1 else 0)
        rows.append(row)
    return rows


TABLE16: Array[u16] = const(table16())
TABLE32: Array[u32] = const(table32())


def crc16(data: View[u8], before: u16 = START16) -> u16:
    """The check of data, or of all that came before and data when it is given in parts."""
    check = before
    for byte in data:
        check = (check << 8) ^ TABLE16[(check >> 8) ^ U16(byte)]
    return check


def crc32(data: View[u8], before: u32 = START32) -> u32:
    """The check of data, or of all that came before and data when it is given in parts."""
    check = ~before
    for byte in data:
        check = TABLE32[(check ^ U32(byte)) & 0xFF] ^ (check >> 8)
    return ~check
