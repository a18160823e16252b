"""The only place where addresses become objects and objects addresses.

Whoever calls these says why the kind is certain: a lookup proved it, or the place of a node implies it.
"""

from __future__ import annotations

from typing import Final

from abi.boot import BootInformation, Epitaph
from abi.bundle import BundleHeader, PlanHeader, ProgramRecord
from kernel.arch.chosen import DIRECT_MAP
from kernel.structures import (
    Context,
    Endpoint,
    FreeBlock,
    Header,
    Interrupt,
    Mapping,
    Memory,
    Node,
    Notification,
    Space,
    Table,
    Thread,
)
from metal import U64, W64, Ptr, Slice, addr_of, offset_of, ptr_at, raw, size_of, slice_at, u8, u64

UNSAFE: Final = True

NODE_BYTES: Final = size_of(Node)
THREAD_BYTES: Final = size_of(Thread)
ENDPOINT_BYTES: Final = size_of(Endpoint)
NOTIFICATION_BYTES: Final = size_of(Notification)
CONTEXT_BYTES: Final = size_of(Context)
INTERRUPT_BYTES: Final = size_of(Interrupt)
TABLE_BYTES: Final = size_of(Table)
SPACE_BYTES: Final = size_of(Space)
MEMORY_BYTES: Final = size_of(Memory)
MAPPING_BYTES: Final = size_of(Mapping)
THREAD_HEADER: Final = offset_of(Thread, "header")


def to_virtual(physical: u64) -> u64:
    """Where the kernel reaches a physical address."""
    return physical + DIRECT_MAP


def to_physical(address: u64) -> u64:
    """The physical address behind an address of the direct map."""
    return address - DIRECT_MAP


def thread_of(header: Ptr[Header]) -> Ptr[Thread]:
    """The Thread that this header belongs to."""
    return ptr_at(Thread, addr_of(header) - THREAD_HEADER)


def endpoint_of(header: Ptr[Header]) -> Ptr[Endpoint]:
    """The Endpoint that this header belongs to."""
    return ptr_at(Endpoint, addr_of(header))


def notification_of(header: Ptr[Header]) -> Ptr[Notification]:
    """The Notification that this header belongs to."""
    return ptr_at(Notification, addr_of(header))


def context_of(header: Ptr[Header]) -> Ptr[Context]:
    """The Context that this header belongs to."""
    return ptr_at(Context, addr_of(header))


def interrupt_of(header: Ptr[Header]) -> Ptr[Interrupt]:
    """The Interrupt that this header belongs to."""
    return ptr_at(Interrupt, addr_of(header))


def table_of(header: Ptr[Header]) -> Ptr[Table]:
    """The Table that this header belongs to."""
    return ptr_at(Table, addr_of(header))


def space_of(header: Ptr[Header]) -> Ptr[Space]:
    """The Space that this header belongs to."""
    return ptr_at(Space, addr_of(header))


def memory_of(header: Ptr[Header]) -> Ptr[Memory]:
    """The Memory that this header belongs to."""
    return ptr_at(Memory, addr_of(header))


def mapping_of(node: Ptr[Node]) -> Ptr[Mapping]:
    """The Mapping whose node this is."""
    return ptr_at(Mapping, addr_of(node))


def slot_of(table: Ptr[Table], index: u64) -> Ptr[Node]:
    """A slot of a table; the caller has compared the index with `ready`."""
    return slot_at(table.base, index)


def slot_at(base: u64, index: u64) -> Ptr[Node]:
    """A slot of the table whose slots begin at a base. The index is below `ready`, so no address wraps."""
    return ptr_at(Node, U64(W64(base) + W64(index) * NODE_BYTES))


def thread_at(address: u64) -> Ptr[Thread]:
    """A Thread that is being made in a block."""
    return ptr_at(Thread, address)


def endpoint_at(address: u64) -> Ptr[Endpoint]:
    """An Endpoint that is being made in a block."""
    return ptr_at(Endpoint, address)


def notification_at(address: u64) -> Ptr[Notification]:
    """A Notification that is being made in a block."""
    return ptr_at(Notification, address)


def context_at(address: u64) -> Ptr[Context]:
    """A Context that is being made in a block."""
    return ptr_at(Context, address)


def interrupt_at(address: u64) -> Ptr[Interrupt]:
    """An Interrupt that is being made in a block."""
    return ptr_at(Interrupt, address)


def table_at(address: u64) -> Ptr[Table]:
    """A Table that is being made in a block."""
    return ptr_at(Table, address)


def space_at(address: u64) -> Ptr[Space]:
    """A Space that is being made in a block."""
    return ptr_at(Space, address)


def memory_at(address: u64) -> Ptr[Memory]:
    """A Memory that is being made in a block."""
    return ptr_at(Memory, address)


def mapping_at(address: u64) -> Ptr[Mapping]:
    """The Mapping at an address: one being made, or one that a page table's second half names."""
    return ptr_at(Mapping, address)


def free_block_at(address: u64) -> Ptr[FreeBlock]:
    """The links at the beginning of a free block."""
    return ptr_at(FreeBlock, address)


def epitaph_at(address: u64) -> Ptr[Epitaph]:
    """The epitaph in the page kept for it."""
    return ptr_at(Epitaph, address)


def information_at(address: u64) -> Ptr[BootInformation]:
    """The page of information for root."""
    return ptr_at(BootInformation, address)


def bundle_at(address: u64) -> Ptr[BundleHeader]:
    """The head of the bundle behind the image."""
    return ptr_at(BundleHeader, address)


def program_at(address: u64) -> Ptr[ProgramRecord]:
    """A program's record in the bundle."""
    return ptr_at(ProgramRecord, address)


def plan_at(address: u64) -> Ptr[PlanHeader]:
    """The plan in the bundle."""
    return ptr_at(PlanHeader, address)


def address_of_block(block: Ptr[FreeBlock]) -> u64:
    """Where a free block lies."""
    return addr_of(block)


def address_of_mapping(mapping: Ptr[Mapping]) -> u64:
    """Where a mapping's record lies."""
    return addr_of(mapping)


def load(address: u64) -> u64:
    """Read a word of the direct map."""
    return raw(u64, address)[0]


def store(address: u64, value: u64) -> None:
    """Write a word of the direct map."""
    raw(u64, address)[0] = value


def clear(address: u64, bytes: u64) -> None:
    """Zero whole words of the direct map."""
    slice_at(u64, address, bytes >> 3).fill(0)


def copy(target: u64, source: u64, bytes: u64) -> None:
    """Copy bytes between pieces of the direct map that do not overlap."""
    slice_at(u8, target, bytes).copy_from(slice_at(u8, source, bytes))


def copy_words(target: u64, source: u64, count: u64) -> None:
    """Copy words between pieces of the direct map that do not overlap."""
    slice_at(u64, target, count).copy_from(slice_at(u64, source, count))


def bytes_at(address: u64, length: u64) -> Slice[u8]:
    """Bytes of the direct map."""
    return slice_at(u8, address, length)
