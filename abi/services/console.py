"""The console: what programs print, what a person types."""

from __future__ import annotations

from abi.interface import CallError, Handle, interface, posted
from metal import Slice, View, u8, u64


@interface
class Console:
    """One serial line shared by all programs; `kind` is a kind of frame of abi/console.py."""

    def write(self, kind: u8, text: View[u8]) -> CallError | None:
        """Writes bytes in the caller's name."""
        ...

    def write_for(self, kind: u8, process: u8, text: View[u8]) -> CallError | None:
        """Writes bytes in another's name; only for who may inspect or supervise."""
        ...

    @posted
    def report(self, kind: u8, process: u8, text: View[u8]) -> CallError | None:
        """As write_for, for who must not wait for an answer."""
        ...

    def listen(self, notification: Handle) -> CallError | None:
        """From now on what is typed is for the caller, which is signalled when there is something to read."""
        ...

    def read(self, into: Slice[u8]) -> u64 | CallError:
        """Takes what was typed: how many bytes; 0 when nothing is there yet, END_OF_INPUT when nothing more comes."""
        ...
