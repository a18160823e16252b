"""The log: lines of all programs, the last of them kept."""

from __future__ import annotations

from abi.interface import CallError, interface
from metal import Slice, View, u8, u64


@interface
class Log:
    """A ring of bytes. Places count from the first byte ever logged, so a reader sees what it missed."""

    def append(self, text: View[u8]) -> CallError | None:
        """Keeps a line and passes it on to the console."""
        ...

    def first(self) -> u64 | CallError:
        """The place of the oldest line that is kept."""
        ...

    def read(self, place: u64, into: Slice[u8]) -> u64 | CallError:
        """Copies what was logged from a place on: how many bytes, 0 at the end."""
        ...
