"""VirtIO on PCI (VirtIO 1.2, section 4.1): registers at places that the device's configuration space names."""

from __future__ import annotations

from typing import Final

from abi.interface import CallError
from abi.services.bus import Bus
from abi.start import DeviceGrant
from metal import U8, U16, U32, U64, Ptr, Reg, at, mmio, struct, u8, u16, u32, u64
from system.app import connect
from system.drivers.halves import high, low
from system.drivers.pci.header import CAPABILITIES, LONGEST_LIST, first_capability, next_capability
from system.drivers.virtio.queue import AVAILABLE, DESCRIPTORS, QUEUE_SIZE, USED

UNSAFE: Final = True

VENDOR_CAPABILITY: Final = 9
# Kinds of places, section 4.1.4.
COMMON: Final = 1
NOTIFY: Final = 2
INTERRUPT_STATUS: Final = 3
FIRST_MESSAGE: Final = 0


class Common:
    """The common configuration, section 4.1.4.3."""

    device_features_select: Reg[u32] = at(0x00)
    device_features: Reg[u32] = at(0x04)
    driver_features_select: Reg[u32] = at(0x08)
    driver_features: Reg[u32] = at(0x0C)
    status: Reg[u8] = at(0x14)
    queue_select: Reg[u16] = at(0x16)
    queue_size: Reg[u16] = at(0x18)
    queue_message: Reg[u16] = at(0x1A)
    queue_enable: Reg[u16] = at(0x1C)
    queue_notify_offset: Reg[u16] = at(0x1E)
    queue_descriptors_low: Reg[u32] = at(0x20)
    queue_descriptors_high: Reg[u32] = at(0x24)
    queue_available_low: Reg[u32] = at(0x28)
    queue_available_high: Reg[u32] = at(0x2C)
    queue_used_low: Reg[u32] = at(0x30)
    queue_used_high: Reg[u32] = at(0x34)


class Doorbell:
    """Where a queue's number is written when something was offered in it."""

    queue: Reg[u16] = at(0)


class InterruptStatus:
    """Reading it takes a pin's interrupt back."""

    value: Reg[u8] = at(0)


@struct
class PciTransport:
    """Where the registers are."""

    common: u64 = 0
    notify_base: u64 = 0
    notify_bytes: u64 = 0
    notify_multiplier: u64 = 0
    interrupt_status: u64 = 0
    doorbell: u64 = 0

    def find(self, device: Ptr[DeviceGrant]) -> bool:
        """Reads where the places are; whether all lie in the registers that are mapped."""
        bus = connect(Bus, "bus")
        if isinstance(bus, CallError):
            return False
        mapped = bus.mapped_range(device.device)
        header = bus.configuration(device.device, CAPABILITIES)
        if isinstance(mapped, CallError) or isinstance(header, CallError):
            return False
        place = first_capability(header)
        steps: u64 = 0
        while place != 0 and steps < LONGEST_LIST:
            steps += 1
            head = bus.configuration(device.device, place)
            if isinstance(head, CallError):
                return False
            if head & 0xFF == VENDOR_CAPABILITY:
                where = bus.configuration(device.device, place + 4)
                offset = bus.configuration(device.device, place + 8)
                length = bus.configuration(device.device, place + 12)
                extra = bus.configuration(device.device, place + 16)
                if isinstance(where, CallError) or isinstance(offset, CallError) or isinstance(length, CallError):
                    return False
                if isinstance(extra, CallError):
                    return False
                if where & 0xFF == mapped and U64(offset) + U64(length) <= device.bytes_used:
                    self.note(head >> 24, device.address + U64(offset), length, extra)
            place = next_capability(head)
        return self.common != 0 and self.notify_base != 0 and self.interrupt_status != 0

    def note(self, kind: u32, address: u64, length: u32, extra: u32) -> None:
        """One place; the first of a kind is the one to use."""
        if kind == COMMON and self.common == 0 and length >= 0x38:
            self.common = address
        elif kind == NOTIFY and self.notify_base == 0:
            self.notify_base = address
            self.notify_bytes = U64(length)
            self.notify_multiplier = U64(extra)
        elif kind == INTERRUPT_STATUS and self.interrupt_status == 0 and length >= 1:
            self.interrupt_status = address

    def read_status(self) -> u32:
        return U32(mmio(Common, self.common).status.read())

    def write_status(self, status: u32) -> None:
        mmio(Common, self.common).status.write(U8(status & 0xFF))

    def read_features(self, word: u32) -> u32:
        """What the device offers: bits 32 * word and up."""
        mmio(Common, self.common).device_features_select.write(word)
        return mmio(Common, self.common).device_features.read()

    def write_features(self, word: u32, features: u32) -> None:
        """What the driver accepts."""
        mmio(Common, self.common).driver_features_select.write(word)
        mmio(Common, self.common).driver_features.write(features)

    def set_queue(self, number: u32, physical: u64) -> bool:
        """Gives the device a queue, whose interrupt is its first message where the bus set one up."""
        common = mmio(Common, self.common)
        common.queue_select.write(U16(number & 0xFFFF))
        if common.queue_size.read() < QUEUE_SIZE:
            return False
        doorbell = U64(common.queue_notify_offset.read()) * self.notify_multiplier
        if doorbell + 2 > self.notify_bytes:
            return False
        self.doorbell = self.notify_base + doorbell
        common.queue_size.write(QUEUE_SIZE)
        common.queue_message.write(FIRST_MESSAGE)
        common.queue_descriptors_low.write(low(physical + DESCRIPTORS))
        common.queue_descriptors_high.write(high(physical + DESCRIPTORS))
        common.queue_available_low.write(low(physical + AVAILABLE))
        common.queue_available_high.write(high(physical + AVAILABLE))
        common.queue_used_low.write(low(physical + USED))
        common.queue_used_high.write(high(physical + USED))
        common.queue_enable.write(1)
        return True

    def notify(self, number: u32) -> None:
        """Something was offered in the queue."""
        mmio(Doorbell, self.doorbell).queue.write(U16(number & 0xFFFF))

    def acknowledge(self) -> None:
        """Lets the device take a pin's interrupt back; after a message, reading does no harm."""
        mmio(InterruptStatus, self.interrupt_status).value.read()
