"""What a program finds when it starts: handles at known indices, a map of its addresses, and one read-only record.

Who starts a program (root, later the supervisor) fills in the record; its address is the program's argument. The
tables behind the record (services, devices, arguments) are found by their offsets from its first byte.
"""

from __future__ import annotations

from typing import Final

from abi.bundle import BusRecord, Name
from metal import Array, array, struct, u32, u64

MAGIC: Final = 0x5452_4154_5354_4F4D  # reads "MOTSTART" in a dump
VERSION: Final = 1

# Handles in the program's table. A slot whose power the plan does not give is empty.
TABLE: Final = 1
SPACE: Final = 2
THREAD: Final = 3  # the first thread, to be looked at
CONTEXT: Final = 4  # the first thread's time, to be divided
MEMORY: Final = 5  # pays for what the program makes
NOTIFICATION: Final = 6  # bound to the first thread
LIFE: Final = 7  # the supervisor: to say that the program ends
FAULTS: Final = 8  # the supervisor: handler for the program's own threads
ENDPOINT: Final = 9  # where its services are asked
STACKS_MEMORY: Final = 10
MESSAGES_MEMORY: Final = 11
ARENA_MEMORY: Final = 12
MACHINE: Final = 13
FIRST_GRANT: Final = 16  # services it may call, then ports and interrupts of its devices, then its own slots
OWN_SLOTS: Final = 64  # how many empty slots a program gets beside

# Addresses. Each thread has its stack at the end of a slot of its own, so what lies below the stack is not mapped, and
# the address of any local variable tells which thread runs.
START_ADDRESS: Final = 0x6000_0000
DEVICES_ADDRESS: Final = 0x6800_0000
PINS: Final = 4
BUS_ADDRESS: Final = 0x6C00_0000  # where the driver of a bus looks at what is on it
DMA_ADDRESS: Final = 0x7200_0000
MESSAGES_ADDRESS: Final = 0x7400_0000
STACKS_ADDRESS: Final = 0x8000_0000
STACK_SLOT_BYTES: Final = 0x0100_0000
THREADS: Final = 256
ARENA_ADDRESS: Final = 0x2_0000_0000
BUNDLE_ADDRESS: Final = 0x10_0000_0000  # where root and the supervisor see the bundle
WINDOWS_ADDRESS: Final = 0x20_0000_0000  # and what belongs to others, while they fill or read it

# A badge tells the receiver who speaks and what for: PURPOSE, then 1 + the service's index, then the process.
BADGE_PROCESS_MASK: Final = 0xFFFF
BADGE_SERVICE_SHIFT: Final = 16
BADGE_SERVICE_MASK: Final = 0xFFFF
BADGE_PURPOSE_SHIFT: Final = 32
BADGE_PURPOSE_MASK: Final = 0xFF
BADGE_TRUSTED: Final = 1 << 40  # the plan lets it inspect or supervise
PURPOSE_SERVICE: Final = 0
PURPOSE_FAULT: Final = 1
PURPOSE_LIFE: Final = 2

# The bit of a program's notification that says: a service it may call was started again and remembers nobody.
SERVICE_RESTARTED: Final = 1 << 61

# The first word of a message to LIFE; the second is the exit status.
LIFE_EXIT: Final = 1


@struct
class ServiceGrant:
    """A service that the program may call, or (in the second table) one that it offers."""

    name: Name = Name()
    service: u32 = 0  # its index in the image's plan
    handle: u64 = 0  # 0 for a service it offers itself


@struct
class DeviceGrant:
    """A device that the program drives, or one that is on a bus it drives and that another process will."""

    name: Name = Name()
    kind: Name = Name()
    device: u32 = 0  # its index in the image's plan
    bus: u32 = 0  # the index of the bus it is on, or abi.bundle.NO_BUS
    owner: u32 = 0  # the process that drives it
    interrupt_count: u32 = 0
    spacing: u64 = 1  # bytes from one register to the next, where machines differ
    address: u64 = 0  # where its registers are mapped, 0 when they are not, or are ports
    ports: u64 = 0  # handle of its ports, 0 when they are in memory
    bytes_used: u64 = 0
    interrupt: u64 = 0  # handle, 0 when it has none
    window: u64 = 0  # of a bus: handle of the memory in which the devices on it have their registers
    pins: Array[u32] = array(PINS)  # of a bus: the lines of its first interrupts, for a bridge that has to be told them
    bus_facts: BusRecord = BusRecord()  # of the bus that it is, or that it is on


@struct
class ArgumentGrant:
    """One argument of `main`."""

    offset: u64 = 0  # of its bytes, from the record's first byte
    bytes_used: u64 = 0


@struct
class StartRecord:
    """The head of what a program finds at START_ADDRESS."""

    magic: u64 = 0
    version: u32 = 0
    process: u32 = 0
    generation: u32 = 0  # how often it was started before
    powers: u32 = 0  # abi.bundle: POWER_OFF, SUPERVISE, INSPECT
    page_bytes: u64 = 0
    threads: u32 = 0
    priority: u32 = 0
    stack_bytes: u64 = 0  # of each thread
    arena_bytes: u64 = 0  # at ARENA_ADDRESS
    dma_bytes: u64 = 0  # at DMA_ADDRESS: memory that the program's devices reach
    dma_physical: u64 = 0  # the number by which they know its first byte
    first_own_slot: u32 = 0
    slots: u32 = 0
    service_count: u32 = 0
    offered_count: u32 = 0
    device_count: u32 = 0
    argument_count: u32 = 0
    console: u32 = 0  # abi.bundle: FRAMES or PLAIN, what the image says of the other end of the line
    services: u64 = 0  # offsets of the tables
    offered: u64 = 0
    devices: u64 = 0
    arguments: u64 = 0
    total_bytes: u64 = 0
