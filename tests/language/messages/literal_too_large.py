"""A common mistake: literal too large."""

from metal import u8


def level() -> u8:
    return 300
