"""Page tables: the format of their entries, who walks them, and what must follow a change.

The kernel itself runs in a direct window and needs none. Chapters are those of the LoongArch Reference Manual, volume 1
(v1.10).
"""

from __future__ import annotations

from typing import Final

from abi.kernel import EXECUTE, WRITE
from kernel.arch.contract import DEVICE
from kernel.arch.loongarch64 import registers
from kernel.arch.loongarch64.vectors import refill
from metal import Array, addr_of, align, array, raw, struct, u64

UNSAFE: Final = True

PAGE_BITS: Final = 14
LEVELS: Final = 3
USER_TOP: Final = 0x8000_0000_0000
DIRECT_MAP: Final = 0x9000_0000_0000_0000
DEVICES: Final = 0x8000_0000_0000_0000
"""The window without caches, in front of the direct map."""
TAGS: Final = 1024
"""Tags of address spaces; tag 0 belongs to the empty space, in which no program runs."""
MEMORY_GRAIN: Final = 1 << PAGE_BITS

BROADCASTS: Final = False
"""INVTLB is for the CPU that executes it."""

# An entry of a table of pages (5.4.5). Privilege 3 alone may use a page: not even the kernel, which has no need to.
VALID: Final = 1 << 0
WRITABLE: Final = 1 << 1
PROGRAM: Final = 3 << 2
CACHED: Final = 1 << 4
NOT_EXECUTABLE: Final = 1 << 62
PROGRAM_ALONE: Final = 1 << 63
NUMBER_MASK: Final = 0xFFFF_FFFF_C000
TAG_MASK: Final = TAGS - 1

# PWCL and PWCH (7.5.8): pages of 16 KiB, and eleven bits a level; the second level is the walker's first directory, and
# the root its third, as the second could not stand so high.
WALK_LOW: Final = PAGE_BITS | 11 << 5 | 25 << 10 | 11 << 15
WALK_HIGH: Final = 36 | 11 << 6


@align(16384)
@struct
class Table:
    """One page of a page table."""

    entries: Array[u64] = array(2048)


empty_root: Table = Table()


def setup_translation() -> None:
    """Tells this CPU how tables look and who walks them, and puts it into the empty space."""
    registers.write_refill_vector(addr_of(refill) - DIRECT_MAP)
    registers.write_refill_page_size(PAGE_BITS)
    registers.write_walk(WALK_LOW, WALK_HIGH)
    go_to_space(empty_space())
    registers.forget_all()


def leaf(physical: u64, access: u64) -> u64:
    """The entry that gives programs a page: readable, and what access adds; never both written and executed."""
    entry = physical | VALID | PROGRAM | PROGRAM_ALONE
    if access & DEVICE == 0:
        entry |= CACHED
    if access & WRITE != 0:
        return entry | WRITABLE | NOT_EXECUTABLE
    return entry if access & (EXECUTE | DEVICE) == EXECUTE else entry | NOT_EXECUTABLE


def branch(physical: u64) -> u64:
    """The entry that leads to a lower table; nothing but 0 is none, so no table lies at the start of memory."""
    return physical


def entry_present(entry: u64) -> bool:
    return entry != 0


def entry_physical(entry: u64) -> u64:
    """The page or the table that an entry leads to."""
    return entry & NUMBER_MASK


def share_kernel(root: u64) -> None:
    """The kernel needs no entries: its windows are open in every space."""


def space_register(root: u64, tag: u64) -> u64:
    """What a frame needs to run in the space with this root table and tag."""
    return root | tag


def empty_space() -> u64:
    """The space without a single page of programs."""
    return addr_of(empty_root) - DIRECT_MAP


def go_to_space(space: u64) -> None:
    """Translations are of this space from here on."""
    registers.write_space(space & NUMBER_MASK, space & TAG_MASK)


def find_entry(space: u64, address: u64) -> u64:
    """The entry that the refill would find for an address, 0 when there is none."""
    table = space & NUMBER_MASK
    for level in range(1, LEVELS):
        table = raw(u64, table + DIRECT_MAP)[address >> (47 - 11 * level) & 2047]
        if table == 0:
            return 0
    return raw(u64, table + DIRECT_MAP)[address >> PAGE_BITS & 2047]


def was_filled_too_early(space: u64, address: u64) -> bool:
    """A page was missing when its pair was filled in, but is not missing any more: forgets the pair, to be filled anew.

    So mapping a page asks no other CPU for anything: whoever still remembers that there was none finds out here.
    """
    if address >= USER_TOP or find_entry(space, address) & VALID == 0:
        return False
    registers.forget_translation(address, space & TAG_MASK)
    return True


def tables_written() -> None:
    """Refills on every CPU see new entries; what was filled in before as missing is dropped at its first use."""
    registers.finish_stores()


def forget_page(address: u64, tag: u64) -> None:
    """Drops one translation on this CPU, after its entry was cleared."""
    registers.forget_translation(address, tag)


def forget_space(tag: u64) -> None:
    """Drops every translation of a tag on this CPU."""
    registers.forget_tag(tag)


def forget_done() -> None:
    """INVTLB waits by itself."""


def publish_code(address: u64, size: u64) -> None:
    """Bytes written here may be executed: caches are kept coherent by the hardware, so a barrier is enough (IBAR)."""
    registers.fetch_anew()


def map_memory(physical: u64, size: u64) -> None:
    """The windows reach everything."""


def device_address(physical: u64) -> u64:
    """Where the kernel reaches the registers of a device."""
    return DEVICES + physical
