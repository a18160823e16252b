"""Driver of the PrimeCell UART (PL011, ARM DDI 0183): interrupts move bytes between two rings and the line."""

from __future__ import annotations

from typing import Final

from abi.interface import Handle
from abi.kernel import NEVER
from abi.services.uart import Uart
from abi.start import NOTIFICATION, DeviceGrant
from metal import U8, U32, Reg, Slice, View, at, mmio, panic, ptr_at, struct, u8, u32, u64
from system.app import offer
from system.runtime.calls import interrupt_acknowledge, interrupt_bind
from system.runtime.program import program, start_record
from system.runtime.rings import ByteRing
from system.runtime.server import serve_until
from system.runtime.signals import forget_handle, send_signal

UNSAFE: Final = True

INTERRUPT_BIT: Final = 1

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
        device.interrupt_mask.write(0)
        device.interrupt_clear.write(ALL_INTERRUPTS)
        device.line_control.write(LINE_FIFOS | LINE_EIGHT_BITS)
        device.control.write(CONTROL_ENABLE | CONTROL_TRANSMIT | CONTROL_RECEIVE)
        refused = interrupt_bind(interrupt, NOTIFICATION, INTERRUPT_BIT)
        if refused is not None:
            panic(f"the interrupt cannot be bound: {refused}")
        self.pump()

    def on_interrupt(self) -> None:
        """Takes what has come, sends what waits, and tells the listener."""
        self.answered += 1
        device = mmio(Registers, self.address)
        device.interrupt_clear.write(ALL_INTERRUPTS)
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
        while device.flags.read() & FLAG_RECEIVE_EMPTY == 0:
            came = True
            if not self.incoming.put(U8(device.data.read() & 0xFF)):
                self.lost += 1
        return came

    def pump(self) -> None:
        """Fills the device's transmit FIFO, and asks for an interrupt only while something is left."""
        device = mmio(Registers, self.address)
        while self.outgoing.count > 0 and device.flags.read() & FLAG_TRANSMIT_FULL == 0:
            device.data.write(U32(self.outgoing.take()))
        wanted = U32(ON_RECEIVE | ON_RECEIVE_TIMEOUT)
        if self.outgoing.count > 0:
            wanted |= ON_TRANSMIT
        device.interrupt_mask.write(wanted)

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
