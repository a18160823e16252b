"""Driver of the NS16550 UART and its kin: interrupts move bytes between two rings and the line."""

from __future__ import annotations

from typing import Final

from abi.interface import Handle
from abi.kernel import NEVER
from abi.services.uart import Uart
from abi.start import DeviceGrant
from metal import Slice, View, panic, ptr_at, struct, u8, u64
from system.app import offer
from system.drivers.registers import ByteRegisters
from system.drivers.uart.line import INTERRUPT_BIT, Line
from system.runtime.program import program, start_record
from system.runtime.server import serve_until

UNSAFE: Final = True

# Registers, by the addresses of the data sheet's table II.
DATA: Final = 0
INTERRUPT_ENABLE: Final = 1
INTERRUPT_IDENTITY: Final = 2  # read: which one; reading it takes back that the transmitter is empty
FIFO_CONTROL: Final = 2  # written
LINE_CONTROL: Final = 3
MODEM_CONTROL: Final = 4
LINE_STATUS: Final = 5

ON_RECEIVE: Final = 1 << 0
ON_TRANSMIT: Final = 1 << 1
FIFOS_ON_AND_EMPTY: Final = 7
LINE_EIGHT_BITS: Final = 3
MODEM_INTERRUPT_PIN: Final = 1 << 3
STATUS_RECEIVED: Final = 1 << 0
STATUS_TRANSMIT_EMPTY: Final = 1 << 5
FIFO_BYTES: Final = 16


@struct
class Ns16550:
    """The device, and the line it moves the bytes of."""

    registers: ByteRegisters = ByteRegisters()
    line: Line = Line()

    def begin(self, address: u64, ports: u64, spacing: u64, interrupt: u64) -> None:
        """Sets the device up as firmware left its speed, and lets its interrupt through."""
        self.registers.address = address
        self.registers.ports = ports
        self.registers.spacing = spacing
        self.registers.write(INTERRUPT_ENABLE, 0)
        self.registers.write(LINE_CONTROL, LINE_EIGHT_BITS)
        self.registers.write(FIFO_CONTROL, FIFOS_ON_AND_EMPTY)
        self.registers.write(MODEM_CONTROL, MODEM_INTERRUPT_PIN)
        self.line.bind(interrupt)
        self.pump()

    def on_interrupt(self) -> None:
        """Takes what has come, sends what waits, and tells the listener."""
        self.registers.read(INTERRUPT_IDENTITY)
        came = self.collect()
        self.pump()
        self.line.acknowledge(came)

    def collect(self) -> bool:
        """Empties the device's receive FIFO; whether it held anything."""
        came = False
        while self.registers.read(LINE_STATUS) & STATUS_RECEIVED != 0:
            came = True
            self.line.receive(self.registers.read(DATA))
        return came

    def pump(self) -> None:
        """Fills the device's transmit FIFO once it is empty, and asks for an interrupt only while something is left."""
        while self.line.outgoing.count > 0 and self.registers.read(LINE_STATUS) & STATUS_TRANSMIT_EMPTY != 0:
            room: u64 = FIFO_BYTES
            while room > 0 and self.line.outgoing.count > 0:
                self.registers.write(DATA, self.line.outgoing.take())
                room -= 1
        wanted: u8 = ON_RECEIVE | ON_TRANSMIT if self.line.outgoing.count > 0 else ON_RECEIVE
        self.registers.write(INTERRUPT_ENABLE, wanted)

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
    uart.begin(device.address, device.ports, device.spacing, device.interrupt)
    offer(Uart, uart, "uart")
    while True:
        bits = serve_until(NEVER)
        if bits & INTERRUPT_BIT != 0:
            uart.on_interrupt()
