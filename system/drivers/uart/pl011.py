"""Driver of the PrimeCell UART (PL011, ARM DDI 0183): interrupts move bytes between two rings and the line."""

from __future__ import annotations

from typing import Final

from abi.interface import Handle
from abi.kernel import NEVER
from abi.services.uart import Uart
from abi.start import DeviceGrant
from metal import U8, U32, Reg, Slice, View, at, mmio, panic, ptr_at, struct, u8, u32, u64
from system.app import offer
from system.drivers.uart.line import INTERRUPT_BIT, Line
from system.runtime.program import program, start_record
from system.runtime.server import serve_until

UNSAFE: Final = True

FLAG_RECEIVE_EMPTY: Final = 1 << 4
FLAG_TRANSMIT_FULL: Final = 1 << 5
LINE_FIFOS: Final = 1 << 4
LINE_EIGHT_BITS: Final = 3 << 5
CONTROL_ENABLE: Final = 1 << 0
CONTROL_TRANSMIT: Final = 1 << 8
CONTROL_RECEIVE: Final = 1 << 9
ON_RECEIVE: Final = 1 << 4
ON_TRANSMIT: Final = 1 << 5
ON_RECEIVE_TIMEOUT: Final = 1 << 6
ALL_INTERRUPTS: Final = 0x7FF


class Registers:
    """The registers, at the offsets of the manual's table 3-1."""

    data: Reg[u32] = at(0x00)
    flags: Reg[u32] = at(0x18)
    line_control: Reg[u32] = at(0x2C)
    control: Reg[u32] = at(0x30)
    interrupt_mask: Reg[u32] = at(0x38)
    interrupt_clear: Reg[u32] = at(0x44)


@struct
class Pl011:
    """The device, and the line it moves the bytes of."""

    address: u64 = 0
    line: Line = Line()

    def begin(self, address: u64, interrupt: u64) -> None:
        """Sets the device up as firmware left its speed, and lets its interrupt through."""
        self.address = address
        device = mmio(Registers, address)
        device.interrupt_mask.write(0)
        device.interrupt_clear.write(ALL_INTERRUPTS)
        device.line_control.write(LINE_FIFOS | LINE_EIGHT_BITS)
        device.control.write(CONTROL_ENABLE | CONTROL_TRANSMIT | CONTROL_RECEIVE)
        self.line.bind(interrupt)
        self.pump()

    def on_interrupt(self) -> None:
        """Takes what has come, sends what waits, and tells the listener."""
        device = mmio(Registers, self.address)
        device.interrupt_clear.write(ALL_INTERRUPTS)
        came = self.collect()
        self.pump()
        self.line.acknowledge(came)

    def collect(self) -> bool:
        """Empties the device's receive FIFO; whether it held anything."""
        device = mmio(Registers, self.address)
        came = False
        while device.flags.read() & FLAG_RECEIVE_EMPTY == 0:
            came = True
            self.line.receive(U8(device.data.read() & 0xFF))
        return came

    def pump(self) -> None:
        """Fills the device's transmit FIFO, and asks for an interrupt only while something is left."""
        device = mmio(Registers, self.address)
        while self.line.outgoing.count > 0 and device.flags.read() & FLAG_TRANSMIT_FULL == 0:
            device.data.write(U32(self.line.outgoing.take()))
        wanted = U32(ON_RECEIVE | ON_RECEIVE_TIMEOUT)
        if self.line.outgoing.count > 0:
            wanted |= ON_TRANSMIT
        device.interrupt_mask.write(wanted)

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


uart: Pl011 = Pl011()


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
