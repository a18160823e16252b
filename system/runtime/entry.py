"""What the program does; the build puts the program's own `main` in the place of this module."""

from metal import u8
from system.runtime.arguments import Arguments


def run(arguments: Arguments) -> u8:
    """Runs the program; the result is its exit status."""
    return 0 if arguments.count() == 0 else 1
