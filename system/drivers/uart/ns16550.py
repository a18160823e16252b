"""Driver of the NS16550 UART and its kin: interrupts move bytes between two rings and the line."""

from __future__ import annotations

from typing import Final

from abi.interface import Handle
from abi.kernel import NEVER
from abi.services.uart import Uart
from abi.start import DeviceGrant
from metal import Reg, Slice, View, at, mmio, panic, ptr_at, struct, u8, u64
from system.app import offer
from system.drivers.uart.line import INTERRUPT_BIT, Line
from system.runtime.program import program, start_record
from system.runtime.server import serve_until

UNSAFE: Final = True

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
    """The device, and the line it moves the bytes of."""

    address: u64 = 0
    line: Line = Line()

    def begin(self, address: u64, interrupt: u64) -> None:
        """Sets the device up as firmware left its speed, and lets its interrupt through."""
        self.address = address
        device = mmio(Registers, address)
        device.interrupt_enable.write(0)
        device.line_control.write(LINE_EIGHT_BITS)
        device.interrupt_identity.write(FIFOS_ON_AND_EMPTY)
        device.modem_control.write(MODEM_INTERRUPT_PIN)
        self.line.bind(interrupt)
        self.pump()

    def on_interrupt(self) -> None:
        """Takes what has come, sends what waits, and tells the listener."""
        mmio(Registers, self.address).interrupt_identity.read()
        came = self.collect()
        self.pump()
        self.line.acknowledge(came)

    def collect(self) -> bool:
        """Empties the device's receive FIFO; whether it held anything."""
        device = mmio(Registers, self.address)
        came = False
        while device.line_status.read() & STATUS_RECEIVED != 0:
            came = True
            self.line.receive(device.data.read())
        return came

    def pump(self) -> None:
        """Fills the device's transmit FIFO once it is empty, and asks for an interrupt only while something is left."""
        device = mmio(Registers, self.address)
        while self.line.outgoing.count > 0 and device.line_status.read() & STATUS_TRANSMIT_EMPTY != 0:
            room: u64 = FIFO_BYTES
            while room > 0 and self.line.outgoing.count > 0:
                device.data.write(self.line.outgoing.take())
                room -= 1
        device.interrupt_enable.write(ON_RECEIVE | ON_TRANSMIT if self.line.outgoing.count > 0 else ON_RECEIVE)

    def write(self, data: View[u8]) -> u64:
        taken = self.line.accept(data)
        self.pump()
        if taken < len(data) and self.line.outgoing.room() > 0:
            taken += self.line.accept(data[taken : len(data)])
        return taken

    def read(self, into: Slice[u8]) -> u64:
        return self.line.read(into)

    def pending(self) -> u64:
        return self.line.outgoing.count

    def listen(self, notification: Handle) -> None:
        self.line.listen(notification)

    def interrupts(self) -> u64:
        return self.line.answered


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
