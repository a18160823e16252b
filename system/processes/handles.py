"""Where the handles of every process lie in the table of root, and then at the same places in the supervisor's."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from metal import U64, Array, array, struct, u32, u64

FIRST_PROCESS_SLOT: Final = 128
# In the supervisor's table: the bundle, and the pieces of memory that nobody was granted.
BUNDLE_SLOT: Final = 14
REGIONS_SLOT: Final = 104
ROLES: Final = 16
DEVICE_ROLES: Final = 2
# So many of each fit into root's table (abi.boot.ROOT_SLOTS).
PROCESSES: Final = 48
DEVICES: Final = 24
INTERRUPTS: Final = 64


class Role(IntEnum):
    """What a handle of a process is for."""

    POOL = 0  # the memory that pays for the process; revoking it ends the process
    ENDPOINT = 1  # where its services are asked; not paid by the pool, so it outlives the process
    TABLE = 2
    SPACE = 3
    THREAD = 4
    CONTEXT = 5
    NOTIFICATION = 6
    STACKS = 7
    MESSAGES = 8
    START = 9
    ARENA = 10
    DMA = 11  # what its devices reach; not paid by the pool, for they may still write to it when the process is gone
    DATA = 12  # writable segments, as many as there are roles left


@struct
class ProcessHandles:
    """The handles of one process; 0 where there is none."""

    at: Array[u64] = array(ROLES)


class DeviceRole(IntEnum):
    """What a handle of a device is for."""

    REGISTERS = 0
    WINDOW = 1  # of a bus: where the devices on it have their registers


@struct
class DeviceHandles:
    """The handles of one device, and where in their memory its registers are."""

    registers: u64 = 0
    window: u64 = 0
    interrupt: u64 = 0
    offset: u64 = 0
    bytes_used: u64 = 0
    # A device on a bus is missing until the bus says where it is.
    missing: bool = False


@struct
class Handles:
    """Everything that is needed to make and remake processes."""

    machine: u64 = 0
    bundle: u64 = 0
    processes: Array[ProcessHandles] = array(PROCESSES)
    devices: Array[DeviceHandles] = array(DEVICES)
    interrupts: Array[u64] = array(INTERRUPTS)


def process_slot(process: u32, role: u64) -> u64:
    """The slot of one handle of a process."""
    return FIRST_PROCESS_SLOT + U64(process) * ROLES + role


def device_slot(device: u32, role: u64) -> u64:
    """The slot of one handle of a device."""
    return FIRST_PROCESS_SLOT + PROCESSES * ROLES + U64(device) * DEVICE_ROLES + role


def interrupt_slot(interrupt: u32) -> u64:
    """The slot of one of the plan's interrupts."""
    return FIRST_PROCESS_SLOT + PROCESSES * ROLES + DEVICES * DEVICE_ROLES + U64(interrupt)
