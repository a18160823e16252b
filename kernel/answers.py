"""What an operation answers: DONE, an Error's number, LEFT or AGAIN."""

from __future__ import annotations

from typing import Final

from abi.kernel import Error
from metal import U64, u64

DONE: Final = 0
LEFT: Final = 1 << 32  # the caller waits, or its registers already hold the result
AGAIN: Final = 1 << 33  # there is more to do: the caller makes the same call again


def refused(error: Error) -> u64:
    """The answer that says why not."""
    return U64(error)
