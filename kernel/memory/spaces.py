"""Address spaces: their tags, and mappings that are filled and emptied in steps."""

from __future__ import annotations

from abi.kernel import EXECUTE, Error
from kernel.arch.chosen import (
    LEVELS,
    PAGE_BITS,
    TAGS,
    USER_TOP,
    entry_physical,
    entry_present,
    leaf,
    publish_code,
    share_kernel,
    space_register,
    tables_written,
)
from kernel.casts import (
    MAPPING_BYTES,
    address_of_mapping,
    clear,
    load,
    mapping_at,
    store,
    to_physical,
    to_virtual,
)
from kernel.current import kernel
from kernel.limits import ENTRIES_A_STEP, PAGES_A_STEP, TAG_WORDS
from kernel.memory.blocks import give, take
from kernel.memory.invalidation import forget_everywhere
from kernel.memory.tables import (
    ENTRIES,
    PAGE,
    entry_address,
    find_leaf_table,
    make_leaf_table,
    new_table,
    owner_place,
    shift_of,
)
from kernel.structures import Cpu, Mapping, Memory, Space
from metal import U64, Ptr, trailing_zeros, u64


def take_tag() -> u64:
    """A tag that no space has; 0 when there is none."""
    words: u64 = (TAGS + 63) >> 6
    if words > TAG_WORDS:
        words = TAG_WORDS
    kernel.tags[0] |= 1
    for step in range(words):
        word = (kernel.tags_hint + step) % words
        free = ~kernel.tags[word]
        if free != 0:
            bit = trailing_zeros(free)
            tag = (word << 6) + bit
            if tag < TAGS:
                kernel.tags[word] |= U64(1) << bit
                kernel.tags_hint = word
                return tag
    return 0


def give_tag(tag: u64) -> None:
    """Nobody knows a translation with this tag any more."""
    kernel.tags[tag >> 6] &= ~(U64(1) << (tag & 63))


def set_up(space: Ptr[Space], payer: Ptr[Memory]) -> Error | None:
    """Give a space that is being made its root table and its tag."""
    tag = take_tag()
    if tag == 0:
        return Error.NO_MEMORY
    root = new_table(payer, False)
    if root == 0:
        give_tag(tag)
        return Error.NO_MEMORY
    space.root = to_physical(root)
    share_kernel(space.root)
    space.tag = tag
    space.register = space_register(space.root, tag)
    return None


def mapping_of_page(space: Ptr[Space], address: u64) -> Ptr[Mapping] | None:
    """The mapping that an address belongs to."""
    if address >= USER_TOP:
        return None
    table = find_leaf_table(space.root, address)
    if table == 0:
        return None
    owner = load(owner_place(table, address))
    if owner == 0:
        return None
    return mapping_at(owner)


def new_mapping(space: Ptr[Space], payer: Ptr[Memory], address: u64, physical: u64, pages: u64) -> Ptr[Mapping] | None:
    """The record of a mapping in which no page is mapped yet."""
    mapping = space.spare
    space.spare = None
    if mapping is None:
        block = take(payer, MAPPING_BYTES, 0)
        if block == 0:
            return None
        mapping = mapping_at(block)
    clear(address_of_mapping(mapping), MAPPING_BYTES)
    mapping.space = space
    mapping.address = address
    mapping.physical = physical
    mapping.pages = pages
    first = space.mappings
    mapping.next = first
    if first is not None:
        first.previous = mapping
    space.mappings = mapping
    return mapping


def forget_mapping(space: Ptr[Space], mapping: Ptr[Mapping]) -> None:
    """Take a mapping off its space's list."""
    after = mapping.next
    before = mapping.previous
    if before is not None:
        before.next = after
    else:
        space.mappings = after
    if after is not None:
        after.previous = before


def drop_mapping(space: Ptr[Space], mapping: Ptr[Mapping], payer: Ptr[Memory]) -> None:
    """Put the record of a mapping that holds nothing any more aside for the next mapping; free it when one is there."""
    forget_mapping(space, mapping)
    if space.spare is None and not space.forgotten:
        space.spare = mapping
    else:
        give(payer, address_of_mapping(mapping), MAPPING_BYTES)


def drop_spare(space: Ptr[Space], payer: Ptr[Memory]) -> None:
    """Free the record that was put aside."""
    mapping = space.spare
    if mapping is not None:
        space.spare = None
        give(payer, address_of_mapping(mapping), MAPPING_BYTES)


def fill_step(mapping: Ptr[Mapping]) -> Error | None:
    """Map some more pages of a mapping, with the tables they need; why that cannot go on."""
    space = mapping.space
    if space is None:
        return Error.BAD_ADDRESS
    payer = space.header.payer
    steps: u64 = 0
    while mapping.filled < mapping.pages and steps < PAGES_A_STEP:
        offset = mapping.filled << PAGE_BITS
        address = mapping.address + offset
        table = find_leaf_table(space.root, address)
        if table == 0 and payer is not None:
            table = make_leaf_table(space.root, address, payer)
        if table == 0:
            return Error.NO_MEMORY
        if load(owner_place(table, address)) != 0:
            return Error.MAPPED
        if mapping.access & EXECUTE != 0:
            publish_code(to_virtual(mapping.physical + offset), PAGE)
        store(owner_place(table, address), address_of_mapping(mapping))
        store(entry_address(table, address, LEVELS - 1), leaf(mapping.physical + offset, mapping.access))
        mapping.filled += 1
        steps += 1
    tables_written()
    return None


def unmap_step(cpu: Ptr[Cpu], mapping: Ptr[Mapping]) -> bool:
    """Unmap some pages, the last first. True when none is left and every CPU has forgotten them."""
    space = mapping.space
    if space is None:
        return True
    mapping.removing = True
    steps: u64 = 0
    while mapping.filled > 0 and steps < PAGES_A_STEP:
        mapping.filled -= 1
        address = mapping.address + (mapping.filled << PAGE_BITS)
        table = find_leaf_table(space.root, address)
        if table != 0:
            store(entry_address(table, address, LEVELS - 1), 0)
            store(owner_place(table, address), 0)
        steps += 1
    if steps > 0 and not space.forgotten:
        forget_everywhere(cpu, space.tag, mapping.address + (mapping.filled << PAGE_BITS), steps)
    return mapping.filled == 0


def free_tables_step(space: Ptr[Space], payer: Ptr[Memory]) -> bool:
    """Free some tables of a space that nobody uses. True when all but the root are freed.

    The cursor moves over the addresses: everything below it is freed. A table goes when the cursor leaves it.
    """
    steps: u64 = 0
    while steps < ENTRIES_A_STEP and space.cursor < USER_TOP:
        space.cursor = free_at(space, payer, space.cursor)
        steps += 1
    return space.cursor >= USER_TOP


def free_at(space: Ptr[Space], payer: Ptr[Memory], address: u64) -> u64:
    """Free the deepest table that an address leads to, or find out that there is none; where to look next."""
    table = to_virtual(space.root)
    level: u64 = 0
    while True:
        place = entry_address(table, address, level)
        entry = load(place)
        if not entry_present(entry):
            return next_address(space, payer, address, level)
        below = to_virtual(entry_physical(entry))
        if level == LEVELS - 2:
            store(place, 0)
            give(payer, below, 2 * PAGE)
            return address
        table = below
        level += 1


def next_address(space: Ptr[Space], payer: Ptr[Memory], address: u64, level: u64) -> u64:
    """Nothing is left at this entry: go on behind it, and free the tables that end there."""
    following = ((address >> shift_of(level)) + 1) << shift_of(level)
    while level > 0 and (following >> shift_of(level)) & (ENTRIES - 1) == 0:
        free_above(space, payer, address, level)
        level -= 1
    return following


def free_above(space: Ptr[Space], payer: Ptr[Memory], address: u64, level: u64) -> None:
    """Free the table at a level, whose entries are all gone."""
    table = to_virtual(space.root)
    for above in range(level - 1):
        table = to_virtual(entry_physical(load(entry_address(table, address, above))))
    place = entry_address(table, address, level - 1)
    below = to_virtual(entry_physical(load(place)))
    store(place, 0)
    give(payer, below, PAGE)
