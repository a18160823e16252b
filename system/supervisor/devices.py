"""Devices on buses: the driver of a bus says where it found one, and what it says is believed only inside its bus."""

from __future__ import annotations

from abi.bundle import NO_BUS
from metal import Ptr, struct, u32, u64
from system.supervisor.watch import builder, bundle, handles, watch


@struct
class DevicePlace:
    """Where the driver of a bus found a device."""

    offset: u64 = 0  # of its registers, in the bus's window
    size: u64 = 0
    interrupt: u32 = 0  # among those of the bus


def forget_devices() -> None:
    """Before any bus has spoken: a device with a bus is missing, the others are where the plan says."""
    for index in range(bundle.plan().device_count):
        device = bundle.device(index)
        own = handles.devices[index]
        own.missing = device.bus != NO_BUS
        own.offset = device.base % builder.page  # of the pages that root made a memory of
        own.bytes_used = device.bytes_used
        if device.interrupt_count > 0 and own.window == 0:
            own.interrupt = handles.interrupts[device.first_interrupt]


def place_device(index: u32, place: Ptr[DevicePlace]) -> bool:
    """Keeps where a device is, if that is inside its bus and apart from every other device by page and by interrupt.

    A device is not moved while its driver runs.
    """
    bus = bundle.device(index).bus
    planned = bundle.device(bus)
    window = planned.as_bus.window_bytes
    if place.size == 0 or place.size > window or place.offset > window - place.size:
        return False
    if place.interrupt >= planned.interrupt_count:
        return False
    interrupt = handles.interrupts[planned.first_interrupt + place.interrupt]
    own = handles.devices[index]
    if watch.runs(bundle.owner(index)):
        return False
    for other in range(bundle.plan().device_count):
        neighbour = handles.devices[other]
        if other == index or bundle.device(other).bus != bus or neighbour.missing:
            continue
        if neighbour.interrupt == interrupt or shares_page(neighbour.offset, neighbour.bytes_used, place):
            return False
    own.registers = handles.devices[bus].window
    own.offset = place.offset
    own.bytes_used = place.size
    own.interrupt = interrupt
    own.missing = False
    return True


def shares_page(offset: u64, size: u64, place: Ptr[DevicePlace]) -> bool:
    """Whether two stretches of a window lie in a common page."""
    page = builder.page
    return offset // page <= (place.offset + place.size - 1) // page and (
        place.offset // page <= (offset + size - 1) // page
    )
