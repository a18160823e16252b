"""What the driver of any bus does: it looks into its window, and tells the supervisor where each device is."""

from __future__ import annotations

from typing import Final

from abi.bundle import READ, WRITE
from abi.interface import CallError
from abi.services.supervisor import Supervisor
from abi.start import BUS_ADDRESS, SPACE, DeviceGrant
from metal import U64, Array, Ptr, array, log, panic, ptr_at, size_of, struct, u32, u64
from system.app import connect
from system.runtime.calls import map_memory, unmap
from system.runtime.program import program, start_record

UNSAFE: Final = True

GRANTS: Final = 16


@struct
class Announced:
    """Which of the program's grants, by their number, the supervisor has been told of."""

    told: Array[bool] = array(GRANTS)


announced: Announced = Announced()


def grant_at(number: u32) -> Ptr[DeviceGrant]:
    """The grants of this program: the bus itself, then what is on it."""
    record = start_record()
    assert number < record.device_count
    return ptr_at(DeviceGrant, program.argument + record.devices + U64(number) * size_of(DeviceGrant))


def own_bus() -> Ptr[DeviceGrant]:
    """The bus that this program drives."""
    if start_record().device_count == 0:
        panic("the plan gives this driver no device")
    bus = grant_at(0)
    if bus.window == 0:
        panic("the board names no window for this bus")
    return bus


def look_at(bus: Ptr[DeviceGrant], offset: u64, size: u64) -> u64:
    """Maps what holds a stretch of the window; the address of its first byte, good until the next look."""
    page = start_record().page_bytes
    first = offset // page * page
    pages = (offset + size - first + page - 1) // page * page
    refused = map_memory(SPACE, bus.window, first, BUS_ADDRESS, pages, READ | WRITE)
    if refused is not None:
        panic(f"the bus cannot be looked at: {refused}")
    return BUS_ADDRESS + offset - first


def look_away() -> None:
    """Ends a look."""
    refused = unmap(SPACE, BUS_ADDRESS)
    if refused is not None:
        panic(f"a look at the bus cannot end: {refused}")


def is_missing(number: u32) -> bool:
    """Whether a grant is a device on the bus that has not been announced."""
    return number > 0 and not announced.told[number]


def announce(number: u32, offset: u64, size: u64, interrupt: u32) -> None:
    """Tells the supervisor where the device of a grant is, which then starts its driver."""
    device = grant_at(number).device
    announced.told[number] = True
    supervisor = connect(Supervisor, "supervisor")
    if isinstance(supervisor, CallError):
        panic("the plan does not let this driver call the supervisor")
    taken = supervisor.found(device, offset, size, interrupt)
    if isinstance(taken, CallError):
        panic(f"the supervisor does not hear of device {device}: {taken}")
    if not taken:
        log(f"device {device} is not handed out: it shares a page or an interrupt with another")
