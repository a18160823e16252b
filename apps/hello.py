"""The first program: it greets whom its arguments name."""

from metal import u8
from system.app import Arguments


def main(arguments: Arguments) -> u8:
    """Greets each argument, or the world."""
    if arguments.count() == 0:
        print("hello, world")
    for index in range(arguments.count()):
        print(f"hello, {arguments.text(index)}")
    return 0
