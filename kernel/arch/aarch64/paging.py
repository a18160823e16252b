"""Page tables: the format of their entries, the kernel's own tables, and what must follow a change."""

from __future__ import annotations

from typing import Final

from abi.kernel import EXECUTE, WRITE
from kernel.arch.aarch64 import registers
from kernel.arch.contract import DEVICE
from metal import Array, addr_of, align, array, ptr_at, struct, symbol_address, u64

UNSAFE: Final = True

PAGE_BITS: Final = 12
LEVELS: Final = 4
USER_TOP: Final = 0x0000_8000_0000_0000
DIRECT_MAP: Final = 0xFFFF_0000_0000_0000
TAGS: Final = 65536
"""Tags of address spaces; tag 0 belongs to the empty space, in which no program runs."""
MEMORY_GRAIN: Final = 0x20_0000
"""Memory is mapped for the kernel in blocks of this size."""

BROADCASTS: Final = True
"""What is to be forgotten reaches every CPU by itself."""

# "VMSAv8-64 translation table format descriptors" (D8).
PRESENT: Final = 1
TABLE: Final = 3
DEVICE_MEMORY: Final = 1 << 2
USER: Final = 1 << 6
READ_ONLY: Final = 1 << 7
SHAREABLE: Final = 3 << 8
ACCESSED: Final = 1 << 10
NOT_GLOBAL: Final = 1 << 11
KERNEL_NEVER_EXECUTES: Final = 1 << 53
USER_NEVER_EXECUTES: Final = 1 << 54
ADDRESS: Final = 0x0000_FFFF_FFFF_F000

KERNEL_BLOCK: Final = PRESENT | SHAREABLE | ACCESSED | KERNEL_NEVER_EXECUTES | USER_NEVER_EXECUTES
GIGABYTE: Final = 0x4000_0000


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


def leaf(physical: u64, access: u64) -> u64:
    """The entry that gives programs a page: readable, and what access adds; never both written and executed."""
    entry = physical | TABLE | USER | SHAREABLE | ACCESSED | NOT_GLOBAL | KERNEL_NEVER_EXECUTES
    if access & WRITE == 0:
        entry |= READ_ONLY
    if access & EXECUTE == 0 or access & (WRITE | DEVICE) != 0:
        entry |= USER_NEVER_EXECUTES
    return entry | DEVICE_MEMORY if access & DEVICE != 0 else entry


def branch(physical: u64) -> u64:
    """The entry that leads to a lower table."""
    return physical | TABLE


def entry_present(entry: u64) -> bool:
    return entry & PRESENT != 0


def entry_physical(entry: u64) -> u64:
    """The page or the table that an entry leads to."""
    return entry & ADDRESS


def share_kernel(root: u64) -> None:
    """The kernel's half of the addresses has a root table of its own."""


def space_register(root: u64, tag: u64) -> u64:
    """What a frame needs to run in the space with this root table and tag."""
    return root | tag << 48


def empty_space() -> u64:
    """The space without a single page."""
    return symbol_address("__boot_tables") + 0x5000 - DIRECT_MAP


def tables_written() -> None:
    """New entries are visible to every table walk from here on; ERET synchronizes this CPU."""
    registers.finish_stores()


def forget_page(address: u64, tag: u64) -> None:
    """Drops one translation on every CPU, after its entry was cleared; complete after `forget_done`."""
    registers.finish_stores()
    registers.forget_translation(tag << 48 | (address >> PAGE_BITS) & 0xFFF_FFFF_FFFF)


def forget_space(tag: u64) -> None:
    """Drops every translation of a tag on every CPU; complete after `forget_done`."""
    registers.finish_stores()
    registers.forget_tag(tag << 48)


def forget_done() -> None:
    """Waits until every CPU has dropped what it was told to: the DSB ends when all have ("TLB maintenance", D8)."""
    registers.finish_all()


def publish_code(address: u64, size: u64) -> None:
    """Bytes written here may be executed: "Ordering and completion of cache maintenance instructions" (D7)."""
    kind = registers.read_cache_type()
    data_line: u64 = 4 << (kind >> 16 & 15)
    instruction_line: u64 = 4 << (kind & 15)
    line = address & ~(data_line - 1)
    while line < address + size:
        registers.clean_data_line(line)
        line += data_line
    registers.finish_all()
    line = address & ~(instruction_line - 1)
    while line < address + size:
        registers.forget_instruction_line(line)
        line += instruction_line
    registers.finish_all()
    registers.synchronize()


def map_memory(physical: u64, size: u64) -> bool:
    """Adds memory to the direct map, in whole grains inside the range; False when there are no more tables."""
    start = (physical + MEMORY_GRAIN - 1) // MEMORY_GRAIN * MEMORY_GRAIN
    return map_blocks(start, (physical + size) // MEMORY_GRAIN * MEMORY_GRAIN, KERNEL_BLOCK)


def map_device(physical: u64, size: u64) -> bool:
    """Adds the registers of a device to the direct map, with the grains around them."""
    start = physical // MEMORY_GRAIN * MEMORY_GRAIN
    end = (physical + size + MEMORY_GRAIN - 1) // MEMORY_GRAIN * MEMORY_GRAIN
    return map_blocks(start, end, KERNEL_BLOCK | DEVICE_MEMORY)


def map_blocks(start: u64, end: u64, entry: u64) -> bool:
    """Fills what is still empty of the kernel's first two levels; entries that exist are never changed."""
    first = ptr_at(Table, symbol_address("__boot_tables") + 0x1000)
    address = start
    while address < end:
        gigabyte = address >> 30
        if gigabyte >= 512:
            return False
        if address & (GIGABYTE - 1) == 0 and end - address >= GIGABYTE and first.entries[gigabyte] == 0:
            first.entries[gigabyte] = address | entry
            address += GIGABYTE
            continue
        if first.entries[gigabyte] == 0:
            if spare.used == len(spare.tables):
                return False
            first.entries[gigabyte] = branch(addr_of(spare.tables[spare.used]) - DIRECT_MAP)
            spare.used += 1
        if first.entries[gigabyte] & TABLE == TABLE:
            second = ptr_at(Table, entry_physical(first.entries[gigabyte]) + DIRECT_MAP)
            if second.entries[address >> 21 & 511] == 0:
                second.entries[address >> 21 & 511] = address | entry
        address += MEMORY_GRAIN
    registers.finish_stores()
    registers.synchronize()
    return True
