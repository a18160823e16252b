"""A bus, as its driver serves it: what only a bus knows of a device, told to the driver of that device alone."""

from __future__ import annotations

from abi.interface import CallError, idempotent, interface
from metal import u32


@interface
class Bus:
    """Devices are named by their index in the image's plan, as a driver's grant says it."""

    @idempotent
    def configuration(self, device: u32, register: u32) -> u32 | CallError:
        """Four bytes of the device's configuration space; the register is a multiple of four."""
        ...

    @idempotent
    def mapped_range(self, device: u32) -> u32 | CallError:
        """Which of the device's base address registers says where the registers are that its driver has mapped."""
        ...
