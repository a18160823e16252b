"""A common mistake: too many arguments."""

from metal import u32


def area(width: u32, height: u32) -> u32:
    return width * height


def cube(width: u32) -> u32:
    return area(width, width, width)
