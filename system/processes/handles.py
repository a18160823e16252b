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
# So many processes fit into root's table (abi.boot.ROOT_SLOTS) with as many devices as processes.
PROCESSES: Final = 48


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
    DATA = 11  # writable segments, as many as there are roles left


@struct
class ProcessHandles:
    """The handles of one process; 0 where there is none."""

    at: Array[u64] = array(ROLES)


@struct
class DeviceHandles:
    """The handles of one device."""

    memory: u64 = 0
    interrupt: u64 = 0


@struct
class Handles:
    """Everything that is needed to make and remake processes."""

    machine: u64 = 0
    bundle: u64 = 0
    processes: Array[ProcessHandles] = array(PROCESSES)
    devices: Array[DeviceHandles] = array(PROCESSES)


def process_slot(process: u32, role: u64) -> u64:
    """The slot of one handle of a process."""
    return FIRST_PROCESS_SLOT + U64(process) * ROLES + role


def device_slot(device: u32, role: u64) -> u64:
    """The slot of one handle of a device: 0 its memory, 1 its interrupt."""
    return FIRST_PROCESS_SLOT + PROCESSES * ROLES + U64(device) * DEVICE_ROLES + role
