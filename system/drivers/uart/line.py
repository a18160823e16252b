"""What waits on either side of a serial line: two rings of bytes, whom to tell, and the interrupt that moves them."""

from __future__ import annotations

from typing import Final

from abi.interface import Handle
from abi.start import NOTIFICATION
from metal import Slice, View, panic, struct, u8, u64
from system.runtime.calls import interrupt_acknowledge, interrupt_bind
from system.runtime.rings import ByteRing
from system.runtime.signals import forget_handle, send_signal

INTERRUPT_BIT: Final = 1
"""The bit of the program's notification that the device's interrupt sets."""


@struct
class Line:
    """Bytes between the programs that use a line and the device that sends and receives them."""

    interrupt: u64 = 0
    answered: u64 = 0
    # Bytes that came when the ring was full.
    lost: u64 = 0
    listener: u64 = 0
    # Somebody had more to write than there was room for.
    room_wanted: bool = False
    outgoing: ByteRing = ByteRing()
    incoming: ByteRing = ByteRing()

    def bind(self, interrupt: u64) -> None:
        """Lets the device's interrupt through."""
        self.interrupt = interrupt
        refused = interrupt_bind(interrupt, NOTIFICATION, INTERRUPT_BIT)
        if refused is not None:
            panic(f"the interrupt cannot be bound: {refused}")

    def acknowledge(self, came: bool) -> None:
        """The device is served: lets its next interrupt through, and tells the listener of bytes or of room."""
        self.answered += 1
        refused = interrupt_acknowledge(self.interrupt)
        if refused is not None:
            panic(f"the interrupt cannot be acknowledged: {refused}")
        if came or (self.room_wanted and self.outgoing.room() > 0):
            self.room_wanted = False
            self.tell()

    def tell(self) -> None:
        """Signals the listener; one that is gone is forgotten."""
        if self.listener != 0 and not send_signal(self.listener):
            self.listener = 0

    def receive(self, byte: u8) -> None:
        """Keeps a byte that came, or counts it as lost."""
        if not self.incoming.put(byte):
            self.lost += 1

    def accept(self, data: View[u8]) -> u64:
        """Takes what there is room for; whether more was wanted decides if the listener hears of room later."""
        taken = self.outgoing.write(data)
        self.room_wanted = taken < len(data)
        return taken

    def read(self, into: Slice[u8]) -> u64:
        """Hands out bytes that came; how many."""
        return self.incoming.read(into)

    def listen(self, notification: Handle) -> None:
        """From now on this notification hears of bytes and of room; at once, when bytes wait already."""
        forget_handle(self.listener)
        self.listener = notification
        if self.incoming.count > 0:
            self.tell()
