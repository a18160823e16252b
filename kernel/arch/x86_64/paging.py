"""Page tables: the format of their entries, the kernel's own tables, and what must follow a change.

Sections in brackets are those of the Intel manual's volume 3, "System Programming".
"""

from __future__ import annotations

from typing import Final

from abi.kernel import EXECUTE, WRITE
from kernel.arch.contract import DEVICE
from kernel.arch.x86_64 import registers
from kernel.arch.x86_64.start import image_header
from metal import U64, Array, Ptr, addr_of, align, array, export, ptr_at, raw, struct, symbol_address, u64

UNSAFE: Final = True

PAGE_BITS: Final = 12
LEVELS: Final = 4
USER_TOP: Final = 0x7FFF_FFFF_F000
"""One page below the end of the low half: a call from the last instruction there would return to no address at all."""
DIRECT_MAP: Final = 0xFFFF_8000_0000_0000
TAGS: Final = 65536
"""The hardware's tags (process-context identifiers) are not used: these only number the spaces."""
MEMORY_GRAIN: Final = 0x20_0000
"""Memory is mapped for the kernel in blocks of this size."""

BROADCASTS: Final = False
"""INVLPG is for the CPU that executes it."""

# An entry (4.5.4). No-execute is bit 63.
PRESENT: Final = 1 << 0
WRITABLE: Final = 1 << 1
USER: Final = 1 << 2
UNCACHED: Final = 3 << 3
ACCESSED: Final = 1 << 5
DIRTY: Final = 1 << 6
LARGE: Final = 1 << 7
GLOBAL: Final = 1 << 8
NO_EXECUTE: Final = 1 << 63
ADDRESS: Final = 0x000F_FFFF_FFFF_F000

KERNEL: Final = PRESENT | ACCESSED | DIRTY | GLOBAL
DATA: Final = KERNEL | WRITABLE | NO_EXECUTE
GIGABYTE: Final = 0x4000_0000
KERNEL_HALF: Final = 256
"""The entry of a root table for the direct map."""

# CPUID, leaf 0x80000001, EDX: entries of the third level may map a gigabyte.
EXTENDED_FEATURES: Final = 0x8000_0001
GIGABYTE_PAGES: Final = 1 << 26


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


spare: SpareTables = SpareTables()


def kernel_table(number: u64) -> u64:
    """The address of one of the kernel's first tables: root, direct map, its first gigabyte, pages of the image."""
    return symbol_address("__boot_tables") + (number << PAGE_BITS)


@export
def make_boot_tables() -> None:
    """The kernel's own tables, with its image and what is appended to it; runs at its address in the early tables."""
    image = addr_of(image_header)
    first = ptr_at(Table, kernel_table(2))
    pages = ptr_at(Table, kernel_table(3))
    ptr_at(Table, kernel_table(0)).entries[KERNEL_HALF] = branch(kernel_table(1) - DIRECT_MAP)
    ptr_at(Table, kernel_table(1)).entries[0] = branch(kernel_table(2) - DIRECT_MAP)
    for index in range(U64(512)):
        address = image + (index << PAGE_BITS)
        entry = address - DIRECT_MAP | DATA
        if address < symbol_address("__text_end"):
            entry = address - DIRECT_MAP | KERNEL
        elif address < symbol_address("__constants_end"):
            entry = address - DIRECT_MAP | KERNEL | NO_EXECUTE
        pages.entries[index] = entry
    first.entries[image >> 21 & 511] = branch(kernel_table(3) - DIRECT_MAP)
    start = image - DIRECT_MAP
    fill_blocks(first, start + MEMORY_GRAIN, start + raw(u64, image)[0], DATA)


def fill_blocks(second: Ptr[Table], start: u64, end: u64, access: u64) -> None:
    """Fills what is still empty of one gigabyte's table."""
    block = start
    while block < end:
        if second.entries[block >> 21 & 511] == 0:
            second.entries[block >> 21 & 511] = block | access | LARGE
        block += MEMORY_GRAIN


def leaf(physical: u64, access: u64) -> u64:
    """The entry that gives programs a page: readable, and what access adds; never both written and executed."""
    entry = physical | PRESENT | USER | ACCESSED
    if access & DEVICE != 0:
        entry |= UNCACHED
    if access & WRITE != 0:
        return entry | WRITABLE | DIRTY | NO_EXECUTE
    return entry if access & (EXECUTE | DEVICE) == EXECUTE else entry | NO_EXECUTE


def branch(physical: u64) -> u64:
    """The entry that leads to a lower table, whose entries decide alone."""
    return physical | PRESENT | WRITABLE | USER | ACCESSED


def entry_present(entry: u64) -> bool:
    return entry & PRESENT != 0


def entry_physical(entry: u64) -> u64:
    """The page or the table that an entry leads to."""
    return entry & ADDRESS


def share_kernel(root: u64) -> None:
    """The kernel runs in every space: a new root table gets its entry; nothing below it changes after the boot."""
    ptr_at(Table, root + DIRECT_MAP).entries[KERNEL_HALF] = ptr_at(Table, kernel_table(0)).entries[KERNEL_HALF]


def space_register(root: u64, tag: u64) -> u64:
    """What a frame needs to run in the space with this root table: CR3, which is not told the tag."""
    return root


def empty_space() -> u64:
    """The space without a single page of programs."""
    return kernel_table(0) - DIRECT_MAP


def go_to_space(space: u64) -> None:
    """Translations are of this space from here on; those of another are forgotten."""
    if registers.read_space() != space:
        registers.write_space(space)


def tables_written() -> None:
    """Nobody remembers that there was no entry (4.10.2), and stores stay in order."""


def forget_page(address: u64, tag: u64) -> None:
    """Drops one translation on this CPU, and those of tables, after its entry was cleared."""
    registers.forget_translation(address)


def forget_space(tag: u64) -> None:
    """Drops every translation of the space this CPU is in; it knows none of others."""
    registers.write_space(registers.read_space())


def forget_done() -> None:
    """INVLPG and a write of CR3 wait by themselves."""


def publish_code(address: u64, size: u64) -> None:
    """Stored bytes are fetched as they are; a program learns of new code by a switch of address space or by IRET."""


def map_memory(physical: u64, size: u64) -> None:
    """Adds memory to the direct map, in whole grains inside the range."""
    start = (physical + MEMORY_GRAIN - 1) // MEMORY_GRAIN * MEMORY_GRAIN
    map_blocks(start, (physical + size) // MEMORY_GRAIN * MEMORY_GRAIN, DATA)


def map_around(physical: u64, size: u64, access: u64) -> None:
    """Adds a range to the direct map, with the grains around it."""
    start = physical // MEMORY_GRAIN * MEMORY_GRAIN
    map_blocks(start, (physical + size + MEMORY_GRAIN - 1) // MEMORY_GRAIN * MEMORY_GRAIN, access)


def map_device(physical: u64, size: u64) -> None:
    """Adds the registers of a device to the direct map."""
    map_around(physical, size, DATA | UNCACHED)


def map_blocks(start: u64, end: u64, access: u64) -> None:
    """Fills what is still empty of the direct map; entries that exist are never changed. Stops without a table left."""
    identity = registers.Identity()
    registers.identify(EXTENDED_FEATURES, identity)
    wide = identity.words[3] & GIGABYTE_PAGES != 0
    direct = ptr_at(Table, kernel_table(1))
    address = start
    while address < end:
        part_end = (address // GIGABYTE + 1) * GIGABYTE
        if part_end > end:
            part_end = end
        entry = direct.entries[address >> 30]
        if entry == 0 and part_end - address == GIGABYTE and wide:
            direct.entries[address >> 30] = address | access | LARGE
        elif entry & LARGE == 0:
            if entry == 0:
                entry = branch(addr_of(spare.tables[spare.used]) - DIRECT_MAP)
                spare.used += 1
                direct.entries[address >> 30] = entry
            fill_blocks(ptr_at(Table, entry_physical(entry) + DIRECT_MAP), address, part_end, access)
        address = part_end
