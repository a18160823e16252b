"""A common mistake: import that is not there."""

from metal.library.lists import Lists


def run() -> None:
    pass
