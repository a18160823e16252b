"""Driver of the bus that a row of memory-mapped VirtIO transports is: finds which of them have a device behind them."""

from __future__ import annotations

from typing import Final

from abi.interface import CallError
from abi.kernel import NEVER
from abi.services.bus import Bus
from metal import U32, U64, log, mmio, struct, u32, u64
from system.app import offer
from system.drivers.bus import announce, grant_at, is_missing, look_at, look_away, own_bus
from system.drivers.virtio.kinds import device_type
from system.drivers.virtio.mmio_transport import MAGIC, VERSION, Registers
from system.runtime.program import start_record
from system.runtime.server import serve_until

UNSAFE: Final = True


@struct
class Transports:
    """The row; each transport has one interrupt, in the same order."""

    count: u32 = 0
    bytes_each: u64 = 0

    def offset(self, index: u32) -> u64:
        """Where a transport's registers are in the window."""
        return self.bytes_each * U64(index)

    def type_at(self, index: u32) -> u32:
        """The type of the device behind a transport, 0 when there is none or it is older than the standard."""
        address = look_at(own_bus(), self.offset(index), self.bytes_each)
        registers = mmio(Registers, address)
        found: u32 = 0
        if registers.magic.read() == MAGIC and registers.version.read() == VERSION:
            found = registers.device_type.read()
        look_away()
        return found

    def is_alone(self, index: u32) -> bool:
        """Whether no other transport in the same page has a device, which the driver of this one could touch."""
        page = start_record().page_bytes
        for other in range(self.count):
            same_page = self.offset(other) // page == self.offset(index) // page
            if other != index and same_page and self.type_at(other) != 0:
                return False
        return True

    def configuration(self, device: u32, register: u32) -> u32 | CallError:
        return CallError.REFUSED

    def mapped_range(self, device: u32) -> u32 | CallError:
        return CallError.REFUSED


transports: Transports = Transports()


def main() -> None:
    """Finds what the plan has on this bus, from the last transport down, and is then asked nothing it could answer."""
    bus = own_bus()
    transports.count = bus.interrupt_count
    transports.bytes_each = bus.bus_facts.window_bytes // U64(transports.count)
    for step in range(transports.count):
        index = transports.count - 1 - step
        found = transports.type_at(index)
        if found != 0:
            hand_out(index, found)
    offer(Bus, transports, "bus")
    while True:
        serve_until(NEVER)


def hand_out(index: u32, found: u32) -> None:
    """Announces a transport as the first device of its type that the plan still misses."""
    for number in range(U32(1), start_record().device_count):
        if is_missing(number) and device_type(grant_at(number).kind) == found:
            if transports.is_alone(index):
                announce(number, transports.offset(index), transports.bytes_each, index)
            else:
                log(f"the device at transport {index} shares a page with another: it is not handed out")
            return
