"""Page tables: the format of their entries, which the refill vector walks, and what must follow a change.

An entry of an upper table is the lower table's address in the direct map. An entry of the lowest table is what the
hardware takes: EntryLo ("EntryLo0, EntryLo1"). Empty is zero in both. The kernel itself needs no tables: it lies in
kseg0, and all memory in xkphys.
"""

from __future__ import annotations

from typing import Final

from abi.kernel import EXECUTE, WRITE
from kernel.arch.contract import DEVICE
from kernel.arch.mips64 import registers
from kernel.arch.mips64.frame import anchor
from metal import U64, raw, symbol_address, u64

UNSAFE: Final = True

PAGE_BITS: Final = 12
LEVELS: Final = 3
USER_TOP: Final = 0x80_0000_0000
DIRECT_MAP: Final = 0x9800_0000_0000_0000
"""xkphys, cached."""
DEVICE_MAP: Final = 0x9000_0000_0000_0000
"""xkphys, uncached."""
KERNEL_MAP: Final = 0xFFFF_FFFF_8000_0000
"""kseg0, in which the kernel is linked."""
TAGS: Final = 256
"""Tags of address spaces; tag 0 belongs to the empty space, in which no program runs."""
MEMORY_GRAIN: Final = 0x1000
"""The direct map reaches all memory as it is."""

BROADCASTS: Final = False
"""TLBWI is for the CPU that executes it."""

# EntryLo: no read, no execution, the page's number, how it is cached, written, valid.
NO_EXECUTE: Final = 1 << 62
NUMBER_SHIFT: Final = 6
CACHED: Final = 3 << 3
UNCACHED: Final = 2 << 3
WRITABLE: Final = 1 << 2
PRESENT: Final = 1 << 1
NUMBER_MASK: Final = 0xF_FFFF_FFFF

TAG_MASK: Final = 0xFF
PAIR_MASK: Final = 0x1FFF
NOT_FOUND: Final = 1 << 31

# PageGrain: the execute-inhibit bits of entries are there, and have exceptions of their own.
NO_EXECUTE_KEPT: Final = 3 << 30
NO_EXECUTE_TOLD: Final = 1 << 27


def setup_translation() -> None:
    """An empty translation buffer of pages of 4 KiB, which knows pages that are not for execution."""
    registers.write_page_grain(NO_EXECUTE_KEPT | NO_EXECUTE_TOLD)
    registers.write_page_mask(0)
    registers.write_wired(0)
    for index in range(registers.read_buffer_bits() + 1):
        registers.empty_entry(index, unused_page(index))
    go_to_space(empty_space())


def unused_page(index: u64) -> u64:
    """A page of kseg0, which is never looked up in the buffer, for the entry with this index alone."""
    return KERNEL_MAP + (index << (PAGE_BITS + 1))


def leaf(physical: u64, access: u64) -> u64:
    """The entry that gives programs a page: readable, and what access adds; never both written and executed."""
    entry = physical >> PAGE_BITS << NUMBER_SHIFT | PRESENT
    entry |= UNCACHED if access & DEVICE != 0 else CACHED
    if access & WRITE != 0:
        return entry | WRITABLE | NO_EXECUTE
    return entry if access & (EXECUTE | DEVICE) == EXECUTE else entry | NO_EXECUTE


def branch(physical: u64) -> u64:
    """The entry that leads to a lower table."""
    return physical + DIRECT_MAP


def entry_present(entry: u64) -> bool:
    return entry != 0


def entry_physical(entry: u64) -> u64:
    """The page or the table that an entry leads to."""
    if entry & DIRECT_MAP == DIRECT_MAP:
        return entry - DIRECT_MAP
    return (entry >> NUMBER_SHIFT & NUMBER_MASK) << PAGE_BITS


def share_kernel(root: u64) -> None:
    """The kernel needs no table."""


def space_register(root: u64, tag: u64) -> u64:
    """What a frame needs to run in the space with this root table and tag."""
    return root | tag


def empty_space() -> u64:
    """The space without a single page of programs."""
    return symbol_address("__empty_table") - KERNEL_MAP


def go_to_space(space: u64) -> None:
    """Translations are of this space from here on."""
    anchor().walk_root = (space & ~U64(TAG_MASK)) + DIRECT_MAP
    registers.write_entry_high(space & TAG_MASK)


def tables_written() -> None:
    """The buffer holds only what was in the tables when it was needed; `translation_is_stale` deals with the rest."""


def forget_page(address: u64, tag: u64) -> None:
    """Drops one translation on this CPU, after its entry was cleared."""
    now = registers.read_entry_high()
    registers.write_entry_high((address & ~U64(PAIR_MASK)) | tag)
    drop_found_entry()
    registers.write_entry_high(now)


def drop_found_entry() -> None:
    """Empties the entry of the buffer that EntryHi names, if there is one."""
    index = registers.find_entry()
    if index & NOT_FOUND == 0:
        registers.empty_entry(index, unused_page(index))


def forget_space(tag: u64) -> None:
    """Drops every translation of a tag on this CPU."""
    now = registers.read_entry_high()
    for index in range(registers.read_buffer_bits() + 1):
        if registers.read_entry(index) & TAG_MASK == tag:
            registers.empty_entry(index, unused_page(index))
    registers.write_entry_high(now)


def forget_done() -> None:
    """Nothing of it goes on by itself."""


def translation_is_stale(address: u64, writes: bool, executes: bool) -> bool:
    """The tables of the space that runs allow this access, though the buffer did not.

    An entry stands for two pages, and was filled when the other was needed first. It is dropped: the next is right.
    """
    if address >= USER_TOP:
        return False
    registers.write_entry_high((address & ~U64(PAIR_MASK)) | (registers.read_entry_high() & TAG_MASK))
    drop_found_entry()
    registers.write_entry_high(registers.read_entry_high() & TAG_MASK)
    entry = entry_for(address)
    if entry & PRESENT == 0 or (writes and entry & WRITABLE == 0):
        return False
    return not (executes and entry & NO_EXECUTE != 0)


def entry_for(address: u64) -> u64:
    """The lowest table's entry for an address, 0 where there is no table."""
    table = anchor().walk_root
    shift: u64 = PAGE_BITS + 9 * (LEVELS - 1)
    while shift > PAGE_BITS:
        table = raw(u64, table)[address >> shift & 511]
        if table == 0:
            return 0
        shift -= 9
    return raw(u64, table)[address >> PAGE_BITS & 511]


def publish_code(address: u64, size: u64) -> None:
    """Bytes written here may be executed ("SYNCI" of volume II); 16 bytes is the smallest line there is."""
    for offset in range(U64(0), size, 16):
        registers.publish_line(address + offset)
    registers.finish_stores()
    registers.forget_fetched()


def map_memory(physical: u64, size: u64) -> bool:
    """All memory is in the direct map."""
    return True
