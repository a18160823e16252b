"""An address as two registers of 32 bits."""

from __future__ import annotations

from metal import U32, u32, u64


def low(address: u64) -> u32:
    """The lower half."""
    return U32(address & 0xFFFF_FFFF)


def high(address: u64) -> u32:
    """The upper half."""
    return U32(address >> 32)
