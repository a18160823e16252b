"""VirtIO behind memory-mapped registers, version 2 (VirtIO 1.2, section 4.2)."""

from __future__ import annotations

from typing import Final

from metal import Reg, at, mmio, struct, u32, u64
from system.drivers.halves import high, low
from system.drivers.virtio.queue import AVAILABLE, DESCRIPTORS, QUEUE_SIZE, USED

UNSAFE: Final = True

MAGIC: Final = 0x7472_6976
VERSION: Final = 2


class Registers:
    """The registers, at the offsets of table 4.1."""

    magic: Reg[u32] = at(0x000)
    version: Reg[u32] = at(0x004)
    device_type: Reg[u32] = at(0x008)
    device_features: Reg[u32] = at(0x010)
    device_features_select: Reg[u32] = at(0x014)
    driver_features: Reg[u32] = at(0x020)
    driver_features_select: Reg[u32] = at(0x024)
    queue_select: Reg[u32] = at(0x030)
    queue_size_max: Reg[u32] = at(0x034)
    queue_size: Reg[u32] = at(0x038)
    queue_ready: Reg[u32] = at(0x044)
    queue_notify: Reg[u32] = at(0x050)
    interrupt_status: Reg[u32] = at(0x060)
    interrupt_acknowledge: Reg[u32] = at(0x064)
    status: Reg[u32] = at(0x070)
    queue_descriptors_low: Reg[u32] = at(0x080)
    queue_descriptors_high: Reg[u32] = at(0x084)
    queue_available_low: Reg[u32] = at(0x090)
    queue_available_high: Reg[u32] = at(0x094)
    queue_used_low: Reg[u32] = at(0x0A0)
    queue_used_high: Reg[u32] = at(0x0A4)


@struct
class MmioTransport:
    """Where the registers are."""

    address: u64 = 0

    def read_status(self) -> u32:
        return mmio(Registers, self.address).status.read()

    def write_status(self, status: u32) -> None:
        mmio(Registers, self.address).status.write(status)

    def read_features(self, word: u32) -> u32:
        """What the device offers: bits 32 * word and up."""
        mmio(Registers, self.address).device_features_select.write(word)
        return mmio(Registers, self.address).device_features.read()

    def write_features(self, word: u32, features: u32) -> None:
        """What the driver accepts."""
        mmio(Registers, self.address).driver_features_select.write(word)
        mmio(Registers, self.address).driver_features.write(features)

    def set_queue(self, number: u32, physical: u64) -> bool:
        """Gives the device a queue; whether it has one of this number that can be as long."""
        registers = mmio(Registers, self.address)
        registers.queue_select.write(number)
        if registers.queue_size_max.read() < QUEUE_SIZE:
            return False
        registers.queue_size.write(QUEUE_SIZE)
        registers.queue_descriptors_low.write(low(physical + DESCRIPTORS))
        registers.queue_descriptors_high.write(high(physical + DESCRIPTORS))
        registers.queue_available_low.write(low(physical + AVAILABLE))
        registers.queue_available_high.write(high(physical + AVAILABLE))
        registers.queue_used_low.write(low(physical + USED))
        registers.queue_used_high.write(high(physical + USED))
        registers.queue_ready.write(1)
        return True

    def notify(self, number: u32) -> None:
        """Something was offered in a queue."""
        mmio(Registers, self.address).queue_notify.write(number)

    def acknowledge(self) -> None:
        """Lets the device take its interrupt back."""
        registers = mmio(Registers, self.address)
        registers.interrupt_acknowledge.write(registers.interrupt_status.read())
