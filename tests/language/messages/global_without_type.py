"""A common mistake: global without type."""

from metal import u32


count = 0


def run() -> u32:
    return count
