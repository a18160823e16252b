"""The numbers of VirtIO device types (VirtIO 1.2, chapter 5) by the kinds that boards name."""

from __future__ import annotations

from abi.bundle import Name
from metal import Ptr, u32
from system.runtime.program import is_named


def device_type(kind: Ptr[Name]) -> u32:
    """The type of a kind; 0, which no device has, for what is not VirtIO."""
    if is_named(kind, b"virtio-net"):
        return 1
    if is_named(kind, b"virtio-block"):
        return 2
    if is_named(kind, b"virtio-console"):
        return 3
    if is_named(kind, b"virtio-rng"):
        return 4
    return 0
