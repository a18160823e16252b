"""Blocks inside one Memory: powers of two, split and joined again, with all bookkeeping inside that Memory.

A pool's first bytes are a map with one bit for every 64 bytes: the bit says that a free block begins there. The 64 bits
of a page are written when a block begins at the page, so the map needs no clearing when the pool is set up, but for the
pages that hold the map itself. Every step here is bounded by the number of sizes.
"""

from __future__ import annotations

from typing import Final

from kernel.casts import address_of_block, clear, free_block_at, load, store, to_virtual
from kernel.structures import Memory
from metal import U64, Ptr, leading_zeros, trailing_zeros, u64

SMALLEST: Final = 6  # a block has at least 2**6 bytes
GRAIN: Final = 1 << SMALLEST
PAGE_ORDER: Final = 12  # one word of the map stands for so many bytes
LARGEST: Final = 63


def order_of(bytes: u64) -> u64:
    """The order of the smallest block that holds so many bytes, at least 1."""
    if bytes <= GRAIN:
        return SMALLEST
    return 64 - leading_zeros(bytes - 1)


def rounded(bytes: u64) -> u64:
    """Whole grains for so many bytes."""
    return (bytes + (GRAIN - 1)) & ~U64(GRAIN - 1)


def map_word(memory: Ptr[Memory], address: u64) -> u64:
    """Where the word of the map for this address lies."""
    base = to_virtual(memory.base)
    return base + (((address >> PAGE_ORDER) - (base >> PAGE_ORDER)) << 3)


def map_bit(address: u64) -> u64:
    """The bit for this address in its word."""
    return U64(1) << ((address >> SMALLEST) & 63)


def mark(memory: Ptr[Memory], address: u64, order: u64, free: bool) -> None:
    """Note whether a free block begins here; a block of a page or more sets the whole word."""
    place = map_word(memory, address)
    bit = map_bit(address)
    if order >= PAGE_ORDER:
        store(place, bit if free else 0)
    elif free:
        store(place, load(place) | bit)
    else:
        store(place, load(place) & ~bit)


def is_free(memory: Ptr[Memory], address: u64, order: u64) -> bool:
    """Whether a free block of exactly this order begins here."""
    base = to_virtual(memory.base)
    if address < base or address >= base + memory.size:
        return False
    if load(map_word(memory, address)) & map_bit(address) == 0:
        return False
    return free_block_at(address).order == order


def push(memory: Ptr[Memory], address: u64, order: u64) -> None:
    """Put a block on the list of its size."""
    mark(memory, address, order, True)
    block = free_block_at(address)
    block.order = order
    block.previous = None
    first = memory.free[order].first
    block.next = first
    if first is not None:
        first.previous = block
    memory.free[order].first = block
    memory.sizes |= U64(1) << order


def unlink(memory: Ptr[Memory], address: u64, order: u64) -> None:
    """Take a block off the list of its size."""
    mark(memory, address, order, False)
    block = free_block_at(address)
    after = block.next
    before = block.previous
    if after is not None:
        after.previous = before
    if before is not None:
        before.next = after
    else:
        memory.free[order].first = after
        if after is None:
            memory.sizes &= ~(U64(1) << order)


def give_block(memory: Ptr[Memory], address: u64, order: u64) -> None:
    """Make a block free, and join it with its other half as long as that is free too."""
    while order < LARGEST:
        other = address ^ (U64(1) << order)
        if not is_free(memory, other, order):
            break
        unlink(memory, other, order)
        address = min_address(address, other)
        order += 1
    push(memory, address, order)


def min_address(one: u64, other: u64) -> u64:
    """The lower of two addresses."""
    return one if one < other else other


def piece_order(address: u64, bytes: u64) -> u64:
    """The order of the largest aligned block that begins a range."""
    order = trailing_zeros(address)
    fits = 63 - leading_zeros(bytes)
    return fits if fits < order else order


def give_range(memory: Ptr[Memory], address: u64, bytes: u64) -> None:
    """Make a range of whole grains free, as the largest aligned blocks that fit."""
    while bytes > 0:
        order = piece_order(address, bytes)
        give_block(memory, address, order)
        address += U64(1) << order
        bytes -= U64(1) << order


def claim_range(memory: Ptr[Memory], address: u64, bytes: u64) -> None:
    """Note that nothing free begins in a range that is being allocated, wherever a free neighbour may look."""
    while bytes > 0:
        order = piece_order(address, bytes)
        if address & ((1 << PAGE_ORDER) - 1) == 0:
            store(map_word(memory, address), 0)
        address += U64(1) << order
        bytes -= U64(1) << order


def set_up(memory: Ptr[Memory]) -> None:
    """Make a memory that is neither used nor mapped a pool."""
    index: u64 = 0
    while index < 64:
        memory.free[index].first = None
        index += 1
    memory.sizes = 0
    memory.cleared = 0
    memory.pool = True
    base = to_virtual(memory.base)
    prefix = rounded((memory.size >> PAGE_ORDER) << 3)
    held = (prefix + ((1 << PAGE_ORDER) - 1)) >> PAGE_ORDER
    clear(base, held << 3)
    give_range(memory, base + prefix, memory.size - prefix)


def take(memory: Ptr[Memory], bytes: u64, aligned: u64) -> u64:
    """Allocate whole grains, aligned to 2**aligned; the address in the direct map, or 0."""
    if memory.device or memory.pins > 0:
        return 0
    if not memory.pool:
        set_up(memory)
    wanted = rounded(bytes)
    order = order_of(wanted)
    if order < aligned:
        order = aligned
    if order > LARGEST:
        return 0
    large_enough = memory.sizes & ~((U64(1) << order) - 1)
    if large_enough == 0:
        return 0
    found = trailing_zeros(large_enough)
    first = memory.free[found].first
    if first is None:
        return 0
    address = address_of_block(first)
    unlink(memory, address, found)
    while found > order:
        found -= 1
        push(memory, address + (U64(1) << found), found)
    claim_range(memory, address, wanted)
    give_range(memory, address + wanted, (U64(1) << order) - wanted)
    memory.used += wanted
    return address


def give(memory: Ptr[Memory], address: u64, bytes: u64) -> None:
    """Free what `take` gave."""
    amount = rounded(bytes)
    memory.used -= amount
    give_range(memory, address, amount)
    if memory.used == 0:
        memory.pool = False
