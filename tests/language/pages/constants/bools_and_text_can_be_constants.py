"""A `Final` may also be a bool, bytes or text."""
from typing import Final

from metal import u8

DEBUG: Final = False
GREETING: Final = b"hey"


def level() -> u8:
    if DEBUG:
        return 9
    return 1


def test_values() -> None:
    assert level() == 1
    assert len(GREETING) == 3
    assert GREETING[1] == 101
