"""Driver of the NS16550 UART and its kin: interrupts move bytes between two rings and the line."""

from __future__ import annotations

from typing import Final

from abi.interface import Handle
from abi.kernel import NEVER
from abi.services.uart import Uart
from abi.start import NOTIFICATION, DeviceGrant
from metal import Reg, Slice, View, at, mmio, panic, ptr_at, struct, u8, u64
from system.app import offer
from system.runtime.calls import interrupt_acknowledge, interrupt_bind
from system.runtime.program import program, start_record
from system.runtime.rings import ByteRing
from system.runtime.server import serve_until
from system.runtime.signals import forget_handle, send_signal

UNSAFE: Final = True

INTERRUPT_BIT: Final = 1

ON_RECEIVE: Final = 1 << 0
ON_TRANSMIT: Final = 1 << 1
FIFOS_ON_AND_EMPTY: Final = 7
LINE_EIGHT_BITS: Final = 3
MODEM_INTERRUPT_PIN: Final = 1 << 3
STATUS_RECEIVED: Final = 1 << 0
STATUS_TRANSMIT_EMPTY: Final = 1 << 5
FIFO_BYTES: Final = 16


class Registers:
    """The registers, one byte each, at the offsets of the data sheet's table II."""

    data: Reg[u8] = at(0)
    interrupt_enable: Reg[u8] = at(1)
    # Read: which interrupt; reading it takes back that the transmitter is empty. Written: the control of the FIFOs.
    interrupt_identity: Reg[u8] = at(2)
    line_control: Reg[u8] = at(3)
    modem_control: Reg[u8] = at(4)
    line_status: Reg[u8] = at(5)


@struct
class Ns16550:
    """The device and what waits on either side of it."""

    address: u64 = 0
    interrupt: u64 = 0
    answered: u64 = 0
    # Bytes that came when the ring was full.
    lost: u64 = 0
    listener: u64 = 0
    # Somebody had more to write than there was room for.
    room_wanted: bool = False
    outgoing: ByteRing = ByteRing()
    incoming: ByteRing = ByteRing()

    def begin(self, address: u64, interrupt: u64) -> None:
        """Sets the device up as firmware left its speed, and lets its interrupt through."""
        self.address = address
        self.interrupt = interrupt
        device = mmio(Registers, address)
        device.interrupt_enable.write(0)
        device.line_control.write(LINE_EIGHT_BITS)
        device.interrupt_identity.write(FIFOS_ON_AND_EMPTY)
        device.modem_control.write(MODEM_INTERRUPT_PIN)
        refused = interrupt_bind(interrupt, NOTIFICATION, INTERRUPT_BIT)
        if refused is not None:
            panic(f"the interrupt cannot be bound: {refused}")
        self.pump()

    def on_interrupt(self) -> None:
        """Takes what has come, sends what waits, and tells the listener."""
        self.answered += 1
        mmio(Registers, self.address).interrupt_identity.read()
        came = self.collect()
        self.pump()
        refused = interrupt_acknowledge(self.interrupt)
        if refused is not None:
            panic(f"the interrupt cannot be acknowledged: {refused}")
        if came or (self.room_wanted and self.outgoing.room() > 0):
            self.room_wanted = False
            if self.listener != 0 and not send_signal(self.listener):
                self.listener = 0

    def collect(self) -> bool:
        """Empties the device's receive FIFO; whether it held anything."""
        device = mmio(Registers, self.address)
        came = False
        while device.line_status.read() & STATUS_RECEIVED != 0:
            came = True
            if not self.incoming.put(device.data.read()):
                self.lost += 1
        return came

    def pump(self) -> None:
        """Fills the device's transmit FIFO once it is empty, and asks for an interrupt only while something is left."""
        device = mmio(Registers, self.address)
        while self.outgoing.count > 0 and device.line_status.read() & STATUS_TRANSMIT_EMPTY != 0:
            room: u64 = FIFO_BYTES
            while room > 0 and self.outgoing.count > 0:
                device.data.write(self.outgoing.take())
                room -= 1
        device.interrupt_enable.write(ON_RECEIVE | ON_TRANSMIT if self.outgoing.count > 0 else ON_RECEIVE)

    def write(self, data: View[u8]) -> u64:
        taken = self.outgoing.write(data)
        self.room_wanted = taken < len(data)
        self.pump()
        if self.room_wanted and self.outgoing.room() > 0:
            taken += self.outgoing.write(data[taken : len(data)])
            self.room_wanted = taken < len(data)
        return taken

    def read(self, into: Slice[u8]) -> u64:
        return self.incoming.read(into)

    def pending(self) -> u64:
        return self.outgoing.count

    def listen(self, notification: Handle) -> None:
        forget_handle(self.listener)
        self.listener = notification
        if self.incoming.count > 0 and not send_signal(notification):
            self.listener = 0

    def interrupts(self) -> u64:
        return self.answered


uart: Ns16550 = Ns16550()


def main() -> None:
    """Drives the first device of the plan's list for this program."""
    record = start_record()
    if record.device_count == 0:
        panic("the plan gives this driver no device")
    device = ptr_at(DeviceGrant, program.argument + record.devices)
    uart.begin(device.address, device.interrupt)
    offer(Uart, uart, "uart")
    while True:
        bits = serve_until(NEVER)
        if bits & INTERRUPT_BIT != 0:
            uart.on_interrupt()
