"""A constant or a first value that leads back to itself has no value."""
from typing import Final

from metal import u32

WIDTH: Final = HEIGHT * 2  # error: M076 itself
HEIGHT: Final = WIDTH // 2  # error: M076 itself
EMPTY: Final  # error: M077 value


def area() -> u32:
    return WIDTH * HEIGHT
