"""A common mistake: too few arguments."""

from metal import u32


def area(width: u32, height: u32) -> u32:
    return width * height


def square(width: u32) -> u32:
    return area(width)
