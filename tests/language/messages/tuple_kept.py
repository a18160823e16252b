"""A common mistake: tuple kept."""

from metal import u32


def divide(a: u32, b: u32) -> tuple[u32, u32]:
    return a // b, a % b


def run() -> u32:
    both = divide(9, 4)
    return 0
