"""A common mistake: mixed widths."""

from metal import u32, u64


def total(length: u64, extra: u32) -> u64:
    return length + extra
