"""The console: what programs print, what a person types."""

from __future__ import annotations

from abi.interface import CallError, idempotent, interface, posted
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

    @idempotent
    def read(self, into: Slice[u8]) -> u64 | CallError:
        """Waits until something was typed and takes it: how many bytes; 0 when nothing more will come."""
        ...
