"""What the kernel hands to root, the first program: handles at known indices, and one page of information.

Root starts with its segments mapped as its record in the bundle says, a stack below ROOT_STACK_TOP, its message page at
ROOT_MESSAGE_PAGE, and the address of the BootInformation as its argument.
"""

from __future__ import annotations

from typing import Final

from metal import Array, array, struct, u32, u64

MAGIC: Final = 0x544F_4F42_544F_4D01
VERSION: Final = 1
EPITAPH_MAGIC: Final = 0x4850_4154_4950_4501
EPITAPH_TOLD: Final = 0x4850_4154_4950_4502  # a later start told it already; only the count of restarts is still good

# Handles in root's table; MEMORY and what follows are the pieces of free memory.
OWN_TABLE: Final = 1
OWN_SPACE: Final = 2
OWN_THREAD: Final = 3
OWN_CONTEXT: Final = 4
MACHINE: Final = 5
BUNDLE: Final = 6  # the bundle, to be read, executed and mapped where it lies
DEVICE_TREE: Final = 7  # the firmware's device tree, empty slot when there is none
INFORMATION: Final = 8  # the page of BootInformation
MEMORY: Final = 9

ROOT_SLOTS: Final = 1024  # of root's table
MEMORY_REGIONS: Final = 16

ROOT_STACK_TOP: Final = 0x7000_0000
ROOT_STACK_BYTES: Final = 0x1_0000
ROOT_INFORMATION: Final = 0x7100_0000
ROOT_MESSAGE_PAGE: Final = 0x7101_0000
ROOT_PRIORITY: Final = 255


@struct
class MemoryRegion:
    """One piece of free memory, as the handle MEMORY + its index names it."""

    base: u64 = 0
    bytes: u64 = 0


@struct
class Epitaph:
    """Why the kernel failed before this start; `magic` is 0 when it did not."""

    magic: u64 = 0
    kind: u32 = 0  # TrapKind of a failed check, 0 for a fault of the kernel itself
    line: u32 = 0
    file: u32 = 0  # number of the file in the kernel's trap table
    cpu: u32 = 0
    counter: u64 = 0  # program counter
    address: u64 = 0
    time: u64 = 0
    restarts: u64 = 0


@struct
class BootInformation:
    """The page that root's argument points to."""

    magic: u64 = 0
    version: u32 = 0
    cpu_count: u32 = 0
    page_bytes: u64 = 0
    ticks_per_second: u64 = 0
    bundle_bytes: u64 = 0  # of the handle BUNDLE
    device_tree_bytes: u64 = 0
    kernel_start: u64 = 0  # physical, for whom wants to know what the kernel takes
    kernel_end: u64 = 0
    line_count: u32 = 0  # interrupt lines
    region_count: u32 = 0
    regions: Array[MemoryRegion] = array(MEMORY_REGIONS)
    epitaph: Epitaph = Epitaph()
