"""A serial line, as its driver serves it."""

from __future__ import annotations

from abi.interface import CallError, Handle, interface
from metal import Slice, View, u8, u64


@interface
class Uart:
    """Bytes out and in; nothing waits here, the listener is signalled when it is worth asking again."""

    def write(self, data: View[u8]) -> u64 | CallError:
        """Takes as many bytes as there is room for: how many."""
        ...

    def read(self, into: Slice[u8]) -> u64 | CallError:
        """Gives what was received: how many bytes, perhaps none."""
        ...

    def pending(self) -> u64 | CallError:
        """How many bytes have not left the device yet."""
        ...

    def listen(self, notification: Handle) -> CallError | None:
        """Whom to signal when bytes have come, or when there is room again after there was none."""
        ...

    def interrupts(self) -> u64 | CallError:
        """How many interrupts the driver has answered since it started."""
        ...
