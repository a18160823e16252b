"""A common mistake: unknown name."""

from metal import u32


def area(width: u32, height: u32) -> u32:
    return widht * height
