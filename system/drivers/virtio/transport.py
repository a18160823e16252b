"""How a driver reaches its VirtIO device, whichever way it is attached: setting it up, telling it, hearing from it."""

from __future__ import annotations

from typing import Final, Generic, Protocol, TypeVar

from abi.start import DeviceGrant
from metal import Ptr, panic, struct, u32, u64
from system.drivers.virtio.mmio_transport import MmioTransport
from system.drivers.virtio.pci_transport import PciTransport

# The device's status, section 2.1.
ACKNOWLEDGED: Final = 1
DRIVER: Final = 2
DRIVER_READY: Final = 4
FEATURES_CHOSEN: Final = 8

# Feature bit 32: the device is not one of those from before the standard.
VERSION_1_WORD: Final = 1
VERSION_1: Final = 1 << 0


class Registers(Protocol):
    """What each way of attaching a device has."""

    def read_status(self) -> u32: ...
    def write_status(self, status: u32) -> None: ...
    def read_features(self, word: u32) -> u32: ...
    def write_features(self, word: u32, features: u32) -> None: ...
    def set_queue(self, number: u32, physical: u64) -> bool: ...


R = TypeVar("R", bound=Registers)


@struct
class Attached(Generic[R]):
    """A device that is attached in one of these ways."""

    registers: R

    def set_up(self, queue: u64) -> None:
        """The steps of section 3.1.1, with no feature but the one that every device has."""
        self.registers.write_status(0)
        while self.registers.read_status() != 0:
            pass  # section 4.1.4.3.2: the device says when it is reset
        self.registers.write_status(ACKNOWLEDGED)
        self.registers.write_status(ACKNOWLEDGED | DRIVER)
        if self.registers.read_features(VERSION_1_WORD) & VERSION_1 == 0:
            panic("the device is older than the standard")
        self.registers.write_features(0, 0)
        self.registers.write_features(VERSION_1_WORD, VERSION_1)
        self.registers.write_status(ACKNOWLEDGED | DRIVER | FEATURES_CHOSEN)
        if self.registers.read_status() & FEATURES_CHOSEN == 0:
            panic("the device wants features that this driver has not")
        if not self.registers.set_queue(0, queue):
            panic("the device has no queue, or too short a one")
        self.registers.write_status(ACKNOWLEDGED | DRIVER | FEATURES_CHOSEN | DRIVER_READY)


@struct
class Transport:
    """One device, with one queue in use."""

    on_pci: bool = False
    mmio: Attached[MmioTransport] = Attached(MmioTransport())
    pci: Attached[PciTransport] = Attached(PciTransport())

    def begin(self, device: Ptr[DeviceGrant], queue: u64) -> None:
        """Resets the device, which forgets all memory it knew, and gives it queue 0 at a physical address."""
        self.on_pci = device.bus_facts.function_bytes != 0
        if self.on_pci:
            if not self.pci.registers.find(device):
                panic("the device does not say where its registers are")
            self.pci.set_up(queue)
        else:
            self.mmio.registers.address = device.address
            self.mmio.set_up(queue)

    def notify(self) -> None:
        """Something was offered in the queue."""
        if self.on_pci:
            self.pci.registers.notify(0)
        else:
            self.mmio.registers.notify(0)

    def acknowledge(self) -> None:
        """Lets the device take its interrupt back."""
        if self.on_pci:
            self.pci.registers.acknowledge()
        else:
            self.mmio.registers.acknowledge()
