"""Which kind of device, as boards name them, a PCI function is."""

from __future__ import annotations

from typing import Final

from abi.bundle import Name
from metal import Ptr, u32
from system.drivers.virtio.kinds import device_type

VIRTIO: Final = 0x1AF4
# A device of the standard has its type in its number; one that also speaks what was before has it in the subsystem.
FIRST_VIRTIO: Final = 0x1040
FIRST_TRANSITIONAL: Final = 0x1000


def is_kind(kind: Ptr[Name], identity: u32, subsystem: u32) -> bool:
    """Whether these two registers are those of a device of the kind."""
    wanted = device_type(kind)
    device = identity >> 16
    if identity & 0xFFFF != VIRTIO or wanted == 0 or device < FIRST_TRANSITIONAL:
        return False
    if device >= FIRST_VIRTIO:
        return device - FIRST_VIRTIO == wanted
    return subsystem >> 16 == wanted
