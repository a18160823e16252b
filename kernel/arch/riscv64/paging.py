"""Page tables: the format of their entries, the kernel's own tables, and what must follow a change.

Sections in brackets are those of the RISC-V Privileged Architecture, version 20211203.
"""

from __future__ import annotations

from typing import Final

from abi.kernel import EXECUTE, WRITE
from kernel.arch.contract import DEVICE
from kernel.arch.riscv64 import registers
from kernel.arch.riscv64.start import image_header
from kernel.limits import CPUS
from metal import U64, Array, addr_of, align, array, export, ptr_at, raw, struct, symbol_address, u64

UNSAFE: Final = True

PAGE_BITS: Final = 12
LEVELS: Final = 3
USER_TOP: Final = 0x40_0000_0000
DIRECT_MAP: Final = 0xFFFF_FFC0_0000_0000
TAGS: Final = 65536
"""Tags of address spaces; tag 0 belongs to the empty space, in which no program runs."""
MEMORY_GRAIN: Final = 0x20_0000
"""Memory is mapped for the kernel in blocks of this size."""

BROADCASTS: Final = False
"""SFENCE.VMA is for the CPU that executes it."""

# An entry of Sv39 (4.4.1). What is memory and what is a device the hardware knows by the address (3.6).
PRESENT: Final = 1 << 0
READABLE: Final = 1 << 1
WRITABLE: Final = 1 << 2
EXECUTABLE: Final = 1 << 3
USER: Final = 1 << 4
GLOBAL: Final = 1 << 5
ACCESSED: Final = 1 << 6
DIRTY: Final = 1 << 7
NUMBER_SHIFT: Final = 10
NUMBER_MASK: Final = 0xFFF_FFFF_FFFF

KERNEL: Final = PRESENT | READABLE | GLOBAL | ACCESSED | DIRTY
GIGABYTE: Final = 0x4000_0000
KERNEL_HALF: Final = 256
"""The entry of a root table for the first address of the direct map."""

MODE: Final = 8 << 60
TAG_SHIFT: Final = 44
TAG_MASK: Final = 0xFFFF

# SBI, chapter 8: all CPUs are meant by a base of minus one.
FENCES: Final = 0x5246_4E43
FENCE_CODE: Final = 0
FENCE_TABLES: Final = 1
ALL: Final = 0xFFFF_FFFF_FFFF_FFFF


@align(4096)
@struct
class Table:
    """One page of a page table."""

    entries: Array[u64] = array(512)


@struct
class SpareTables:
    """Second-level tables for gigabytes that are mapped in parts."""

    tables: Array[Table] = array(8)
    used: u64 = 0


@struct
class Translation:
    """What was found out about this machine."""

    # The number of the CPU that firmware started.
    first_hardware: u64 = 0
    # The hardware tells spaces apart by their tags.
    tagged: bool = False


spare: SpareTables = SpareTables()
translation: Translation = Translation()


@export
def make_boot_tables(hardware: u64, tree: u64) -> None:
    """The kernel's own tables: its image, and the device tree. Runs where firmware put the image, without an MMU.

    Addresses are relative to the program counter, so that symbols are physical here. The tables: root, second level and
    first pages of the image, second level of the device tree.
    """
    translation.first_hardware = hardware
    tables = symbol_address("__boot_tables")
    image = addr_of(image_header)
    second = ptr_at(Table, tables + 0x1000)
    pages = ptr_at(Table, tables + 0x2000)
    other = ptr_at(Table, tables + 0x3000)
    root = ptr_at(Table, tables)
    end = image + raw(u64, image)[2]
    root.entries[KERNEL_HALF + (image >> 30)] = branch(tables + 0x1000)
    for index in range(U64(512)):
        address = image + (index << PAGE_BITS)
        access: u64 = WRITABLE
        if address < symbol_address("__text_end"):
            access = EXECUTABLE
        elif address < symbol_address("__constants_end"):
            access = 0
        pages.entries[index] = entry_of(address) | KERNEL | access
    second.entries[image >> 21 & 511] = branch(tables + 0x2000)
    block = image + MEMORY_GRAIN
    while block < end:
        second.entries[block >> 21 & 511] = entry_of(block) | KERNEL | WRITABLE
        block += MEMORY_GRAIN
    # The tree may be up to 2 MiB long: two blocks.
    if tree != 0:
        block = tree & ~U64(MEMORY_GRAIN - 1)
        table = second if tree >> 30 == image >> 30 else other
        root.entries[KERNEL_HALF + (tree >> 30 & 255)] = branch(addr_of(table))
        for _ in range(2):
            if table.entries[block >> 21 & 511] == 0:
                table.entries[block >> 21 & 511] = entry_of(block) | KERNEL | WRITABLE
            block += MEMORY_GRAIN
            if block & (GIGABYTE - 1) == 0:
                break


def entry_of(physical: u64) -> u64:
    """The bits of an entry that say where it leads."""
    return physical >> PAGE_BITS << NUMBER_SHIFT


def leaf(physical: u64, access: u64) -> u64:
    """The entry that gives programs a page: readable, and what access adds; never both written and executed."""
    entry = entry_of(physical) | PRESENT | READABLE | USER | ACCESSED
    if access & WRITE != 0:
        return entry | WRITABLE | DIRTY
    return entry | EXECUTABLE if access & (EXECUTE | DEVICE) == EXECUTE else entry


def branch(physical: u64) -> u64:
    """The entry that leads to a lower table."""
    return entry_of(physical) | PRESENT


def entry_present(entry: u64) -> bool:
    return entry & PRESENT != 0


def entry_physical(entry: u64) -> u64:
    """The page or the table that an entry leads to."""
    return (entry >> NUMBER_SHIFT & NUMBER_MASK) << PAGE_BITS


def share_kernel(root: u64) -> None:
    """The kernel runs in every space: a new root table gets its half, whose entries no longer change after the boot."""
    own = ptr_at(Table, root + DIRECT_MAP)
    kernel = ptr_at(Table, symbol_address("__boot_tables"))
    for index in range(KERNEL_HALF, 512):
        own.entries[index] = kernel.entries[index]


def space_register(root: u64, tag: u64) -> u64:
    """What a frame needs to run in the space with this root table and tag."""
    return MODE | tag << TAG_SHIFT | root >> PAGE_BITS


def empty_space() -> u64:
    """The space without a single page of programs."""
    return space_register(symbol_address("__boot_tables") - DIRECT_MAP, 0)


def find_tags() -> None:
    """Sees whether all bits of a tag can be written (4.1.11); a CPU with fewer forgets everything at each change."""
    registers.write_space(empty_space() | TAG_MASK << TAG_SHIFT)
    translation.tagged = registers.read_space() >> TAG_SHIFT & TAG_MASK == TAG_MASK
    registers.write_space(empty_space())
    registers.forget_all()


def go_to_space(space: u64) -> None:
    """Translations are of this space from here on."""
    registers.write_space(space)
    if not translation.tagged:
        registers.forget_all()


def tables_written() -> None:
    """New entries are visible to every CPU, also to one that remembers that there was none (4.2.1)."""
    registers.forget_all()
    if CPUS > 1:
        registers.firmware_call(FENCES, FENCE_TABLES, 0, ALL, 0, ALL)


def forget_page(address: u64, tag: u64) -> None:
    """Drops one translation on this CPU, after its entry was cleared."""
    registers.forget_translation(address, tag)


def forget_space(tag: u64) -> None:
    """Drops every translation of a tag on this CPU."""
    registers.forget_tag(tag)


def forget_done() -> None:
    """SFENCE.VMA waits by itself."""


def publish_code(address: u64, size: u64) -> None:
    """Bytes written here may be executed: FENCE.I, on every CPU ("Zifencei" of the Unprivileged Architecture)."""
    registers.fetch_anew()
    if CPUS > 1:
        registers.finish_stores()
        registers.firmware_call(FENCES, FENCE_CODE, 0, ALL, 0, 0)


def map_memory(physical: u64, size: u64) -> bool:
    """Adds memory to the direct map, in whole grains inside the range; False when there are no more tables."""
    start = (physical + MEMORY_GRAIN - 1) // MEMORY_GRAIN * MEMORY_GRAIN
    return map_blocks(start, (physical + size) // MEMORY_GRAIN * MEMORY_GRAIN)


def map_device(physical: u64, size: u64) -> bool:
    """Adds the registers of a device to the direct map, with the grains around them."""
    start = physical // MEMORY_GRAIN * MEMORY_GRAIN
    return map_blocks(start, (physical + size + MEMORY_GRAIN - 1) // MEMORY_GRAIN * MEMORY_GRAIN)


def map_blocks(start: u64, end: u64) -> bool:
    """Fills what is still empty of the kernel's first two levels; entries that exist are never changed."""
    root = ptr_at(Table, symbol_address("__boot_tables"))
    address = start
    while address < end:
        gigabyte = KERNEL_HALF + (address >> 30)
        if gigabyte >= 512:
            return False
        if address & (GIGABYTE - 1) == 0 and end - address >= GIGABYTE and root.entries[gigabyte] == 0:
            root.entries[gigabyte] = entry_of(address) | KERNEL | WRITABLE
            address += GIGABYTE
            continue
        if root.entries[gigabyte] == 0:
            if spare.used == len(spare.tables):
                return False
            root.entries[gigabyte] = branch(addr_of(spare.tables[spare.used]) - DIRECT_MAP)
            spare.used += 1
        if root.entries[gigabyte] & READABLE == 0:
            second = ptr_at(Table, entry_physical(root.entries[gigabyte]) + DIRECT_MAP)
            if second.entries[address >> 21 & 511] == 0:
                second.entries[address >> 21 & 511] = entry_of(address) | KERNEL | WRITABLE
        address += MEMORY_GRAIN
    registers.forget_all()
    return True
