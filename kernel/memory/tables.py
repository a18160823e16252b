"""Page tables: one walker for every CPU family, whose contract encodes the entries.

A table is a page of entries. A table of the last level is two pages: behind the entries stands for each the address of
the Mapping it belongs to, so that an address leads to its mapping in as many steps as there are levels.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.chosen import LEVELS, PAGE_BITS, branch, entry_physical, entry_present, tables_written
from kernel.casts import clear, load, store, to_physical, to_virtual
from kernel.memory.blocks import take
from kernel.structures import Memory
from metal import Ptr, u64

PAGE: Final = 1 << PAGE_BITS
INDEX_BITS: Final = PAGE_BITS - 3
ENTRIES: Final = 1 << INDEX_BITS


def shift_of(level: u64) -> u64:
    """How far the bits of an address that choose an entry at a level are shifted; level 0 is the root."""
    return PAGE_BITS + (LEVELS - 1 - level) * INDEX_BITS


def entry_address(table: u64, address: u64, level: u64) -> u64:
    """Where the entry for an address stands in a table."""
    return table + (((address >> shift_of(level)) & (ENTRIES - 1)) << 3)


def find_leaf_table(root: u64, address: u64) -> u64:
    """The last level's table for an address, in the direct map; 0 when there is none."""
    table = to_virtual(root)
    for level in range(LEVELS - 1):
        entry = load(entry_address(table, address, level))
        if not entry_present(entry):
            return 0
        table = to_virtual(entry_physical(entry))
    return table


def make_leaf_table(root: u64, address: u64, payer: Ptr[Memory]) -> u64:
    """The last level's table for an address, made when it is missing; 0 when the payer has no room."""
    table = to_virtual(root)
    for level in range(LEVELS - 1):
        place = entry_address(table, address, level)
        entry = load(place)
        if entry_present(entry):
            table = to_virtual(entry_physical(entry))
        else:
            last = level == LEVELS - 2
            table = new_table(payer, last)
            if table == 0:
                return 0
            store(place, branch(to_physical(table)))
            tables_written()
    return table


def new_table(payer: Ptr[Memory], last: bool) -> u64:
    """An empty table, in the direct map, or 0."""
    bytes: u64 = 2 * PAGE if last else PAGE
    table = take(payer, bytes, PAGE_BITS)
    if table != 0:
        clear(table, bytes)
    return table


def owner_place(leaf_table: u64, address: u64) -> u64:
    """Where the address of the Mapping stands that an address belongs to."""
    return entry_address(leaf_table, address, LEVELS - 1) + PAGE
