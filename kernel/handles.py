"""From a number to an object: the one place where a handle is checked."""

from __future__ import annotations

from typing import Final

from abi import rights
from abi.kernel import Error, Kind
from kernel.casts import NODE_BYTES, clear, slot_at, slot_of, table_of
from kernel.current import preemption_due
from kernel.limits import SLOTS_A_STEP
from kernel.structures import Node, Table, Thread
from metal import U32, U64, Ptr, noinline, u64

INDEX_MASK: Final = 0xFFFF_FFFF
RIGHTS_MASK: Final = 0xFFFF_FFFF
KIND_SHIFT: Final = 32


def need(kind: Kind, wanted: u64) -> u64:
    """What a node's powers must contain: the bit of the kind, and the rights."""
    return (U64(1) << (U64(kind) + KIND_SHIFT)) | wanted


def named(thread: Ptr[Thread], handle: u64) -> Ptr[Node] | None:
    """The slot that a handle names; its powers are 0 when it is empty or dying."""
    table = thread.table
    if table is None:
        return None
    index = U32.wrap(handle)
    base = table.base
    if index >= U32.wrap(table.ready):
        return None
    node = slot_at(base, U64(index))
    if node.key != handle:
        return None
    return node


def find(thread: Ptr[Thread], handle: u64, needed: u64) -> Ptr[Node] | Error:
    """The node that a thread's handle names, when it is of the kind and has the rights."""
    node = named(thread, handle)
    if node is None:
        return Error.NO_HANDLE
    if node.powers & needed != needed or node.powers == 0:
        return why_not(node, needed)
    return node


@noinline
def why_not(node: Ptr[Node], needed: u64) -> Error:
    """Why a full slot does not do."""
    if node.powers == 0:
        return Error.NO_HANDLE
    if (node.powers >> KIND_SHIFT) & (needed >> KIND_SHIFT) != needed >> KIND_SHIFT:
        return Error.WRONG_KIND
    return Error.NO_RIGHT


def find_slot(thread: Ptr[Thread], handle: u64) -> Ptr[Node] | Error:
    """The full slot that a handle names, even one that is dying: for DELETE, which may have to go on."""
    node = named(thread, handle)
    if node is None or handle == 0:
        return Error.NO_HANDLE
    return node


def find_table(thread: Ptr[Thread], handle: u64) -> Ptr[Table] | Error:
    """The table that handles are to go to: the thread's own for 0, else one it may write."""
    if handle == 0:
        table = thread.table
        if table is None:
            return Error.NO_HANDLE
        return table
    node = find(thread, handle, need(Kind.TABLE, rights.TABLE_WRITE))
    if isinstance(node, Error):
        return node
    header = node.object
    if header is None:
        return Error.NO_HANDLE
    return table_of(header)


def grow(table: Ptr[Table], index: u64) -> bool:
    """Clear slots until this one can be used. False: an interrupt waits, and there is more to clear."""
    while table.ready <= index and table.ready < table.slots:
        left = table.slots - table.ready
        step = left if left < SLOTS_A_STEP else SLOTS_A_STEP
        address = table.base + table.ready * NODE_BYTES
        clear(address, step * NODE_BYTES)
        for slot in range(table.ready, table.ready + step):
            slot_of(table, slot).holder = table.header
        table.ready += step
        if table.ready <= index and preemption_due():
            return False
    return True


def empty_slot(table: Ptr[Table], index: u64) -> Ptr[Node] | Error:
    """A slot that may be filled; `grow` came before."""
    if index == 0 or index >= table.ready or table.header.dying:
        return Error.BAD_ARGUMENT
    node = slot_of(table, index)
    if node.key != 0 or node.generation == RIGHTS_MASK:
        return Error.FULL
    return node


def place_for(thread: Ptr[Thread], table: u64, index: u64) -> Ptr[Node] | Error | None:
    """The empty slot that a handle is to go to. None: an interrupt waits, and there is more to clear first."""
    found = find_table(thread, table)
    if isinstance(found, Error):
        return found
    if not grow(found, index):
        return None
    return empty_slot(found, index)


def fill_key(node: Ptr[Node], index: u64) -> u64:
    """Give a slot that is being filled its handle."""
    node.key = (U64(node.generation) << KIND_SHIFT) | index
    return node.key
