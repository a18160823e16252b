"""The bundle: the programs and the plan that follow the kernel in an image.

The host writes it, the kernel reads the header and program 0 (root), root reads the rest. Every offset counts from the
bundle's first byte. The header is there, then the program records, then the plan with its tables and text, then the
segments' bytes; each segment starts on a page, so that it can be mapped where it lies.
"""

from __future__ import annotations

from typing import Final

from metal import Array, array, struct, u8, u32, u64

MAGIC: Final = 0x454C_444E_5542_544D  # reads "MTBUNDLE" in a dump
VERSION: Final = 1
ROOT_PROGRAM: Final = 0
NAME_BYTES: Final = 32
SEGMENTS: Final = 6

# Access of a segment, and of the memory a fault report speaks of. Never WRITE with EXECUTE.
READ: Final = 1
WRITE: Final = 2
EXECUTE: Final = 4


@struct
class Name:
    """A short UTF-8 name with its length."""

    bytes_used: u32 = 0
    text: Array[u8] = array(NAME_BYTES)


@struct
class BundleHeader:
    """The first bytes of a bundle."""

    magic: u64 = 0
    version: u32 = 0
    page_bytes: u32 = 0
    total_bytes: u64 = 0  # the whole bundle, a multiple of page_bytes
    program_count: u32 = 0
    program_bytes: u32 = 0  # size of one ProgramRecord, as the writer saw it
    program_offset: u64 = 0  # of the first ProgramRecord
    plan_offset: u64 = 0  # of the PlanHeader; the tables behind it count from the bundle's first byte too
    plan_bytes: u64 = 0


@struct
class SegmentRecord:
    """One stretch of a program's memory; what lies beyond `file_bytes` is zero."""

    offset: u64 = 0  # in the bundle, a multiple of the page size
    address: u64 = 0  # where the program wants it, a multiple of the page size
    file_bytes: u64 = 0
    memory_bytes: u64 = 0
    access: u32 = 0
    reserved: u32 = 0


@struct
class ProgramRecord:
    """One executable."""

    name: Name = Name()
    segment_count: u32 = 0
    entry: u64 = 0
    segments: Array[SegmentRecord] = array(SEGMENTS)


@struct
class PlanHeader:
    """Where the plan's tables are, and what holds for the whole image."""

    process_count: u32 = 0
    device_count: u32 = 0
    service_count: u32 = 0
    permission_count: u32 = 0
    argument_count: u32 = 0
    interrupt_count: u32 = 0
    on_failure: u32 = 0  # what a failed kernel check does: STOP or RESTART
    console: u32 = 0  # what the console speaks: FRAMES or PLAIN
    process_offset: u64 = 0  # ProcessRecord
    device_offset: u64 = 0  # DeviceRecord
    service_offset: u64 = 0  # ServiceRecord
    permission_offset: u64 = 0  # PermissionRecord
    argument_offset: u64 = 0  # ArgumentRecord
    interrupt_offset: u64 = 0  # InterruptRecord


# PlanHeader.on_failure
STOP: Final = 0
RESTART: Final = 1

# PlanHeader.console
FRAMES: Final = 0  # abi.console: a host program is at the other end
PLAIN: Final = 1  # text: a person's terminal is at the other end

# ProcessRecord.flags, a set of bits
START: Final = 1  # started at boot; otherwise only when the shell is told to
HALT_ON_EXIT: Final = 2  # its end is the device's end, with its status

# ProcessRecord.restart: when the supervisor starts it again
NEVER: Final = 0
ON_FAILURE: Final = 1
ALWAYS: Final = 2

# ProcessRecord.powers, a set of bits
POWER_OFF: Final = 1  # may end the device
SUPERVISE: Final = 2  # gets every process's faults and all that is needed to make processes anew
INSPECT: Final = 4  # may ask how processes do (ps, mem, log)
CONTROL: Final = 8  # may tell the supervisor to start and stop processes


@struct
class ProcessRecord:
    """What one program of the image gets."""

    name: Name = Name()
    program: u32 = 0  # index of its ProgramRecord
    flags: u32 = 0
    powers: u32 = 0
    restart: u32 = 0
    restart_limit: u32 = 0  # so often within restart_window_ns; one more is given up
    processor: u32 = 0  # where its first thread runs
    priority: u32 = 0  # 0 to 255, higher first
    ceiling: u32 = 0  # the highest priority its callers may lend it
    threads: u32 = 0  # how many threads it may have
    restart_window_ns: u64 = 0
    memory_bytes: u64 = 0  # its whole grant: tables, stacks, data and what it may use itself
    stack_bytes: u64 = 0  # of its first thread
    dma_bytes: u64 = 0  # beside the grant: memory that its devices reach, which outlives each of its generations
    budget_ns: u64 = 0  # processor time in each period; 0: only what its callers bring
    period_ns: u64 = 0
    first_device: u32 = 0  # its slice of the device table
    device_count: u32 = 0
    first_service: u32 = 0  # its slice of the service table: what it serves
    service_count: u32 = 0
    first_permission: u32 = 0  # its slice of the permission table: what it may call
    permission_count: u32 = 0
    first_argument: u32 = 0  # its slice of the argument table
    argument_count: u32 = 0


@struct
class InterruptRecord:
    """One interrupt line."""

    line: u32 = 0
    edge: u32 = 0  # 1: a message or an edge asserts it, 0: a level


@struct
class BusRecord:
    """What a device that is a bus has for the devices on it."""

    window_base: u64 = 0  # where the CPU sees their registers
    window_bytes: u64 = 0  # 0: this device is no bus
    window_address: u64 = 0  # the number by which the bus knows the window's first byte
    message_address: u64 = 0  # where a device writes to interrupt, as the bus counts
    message_data: u32 = 0  # what it writes there for the first message; one more for each further one
    message_count: u32 = 0  # so many of the bus's interrupts, the last ones, are messages; the others are pins
    function_bytes: u32 = 0  # of configuration space for each function of a device, 0 when there is no such space
    reserved: u32 = 0


# DeviceRecord.bus for a device that firmware or the board's maker has put where the plan says.
NO_BUS: Final = 0xFFFF_FFFF


@struct
class DeviceRecord:
    """One device that one process drives."""

    name: Name = Name()
    kind: Name = Name()  # which driver fits
    base: u64 = 0  # its registers; on a bus, that finds them
    bytes_used: u64 = 0
    first_interrupt: u32 = 0  # its slice of the interrupt table
    interrupt_count: u32 = 0
    bus: u32 = 0  # the device that is the bus it is on, or NO_BUS
    ports: u32 = 0  # 1: its registers are ports, from base on; 0: they are in memory
    spacing: u32 = 1  # bytes from one register to the next, where machines differ
    reserved: u32 = 0
    as_bus: BusRecord = BusRecord()


@struct
class ServiceRecord:
    """One service and who serves it."""

    name: Name = Name()
    process: u32 = 0
    reserved: u32 = 0


@struct
class PermissionRecord:
    """One service that one process may call."""

    service: u32 = 0  # index of its ServiceRecord
    reserved: u32 = 0


@struct
class ArgumentRecord:
    """One argument: UTF-8 bytes in the bundle."""

    offset: u64 = 0
    bytes_used: u64 = 0
