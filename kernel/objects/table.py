"""Handles as such: derive, move, delete, revoke, identify."""

from __future__ import annotations

from abi.kernel import Error, Kind
from kernel import tree
from kernel.answers import AGAIN, DONE, refused
from kernel.casts import thread_of
from kernel.current import preemption_due
from kernel.handles import (
    INDEX_MASK,
    KIND_SHIFT,
    RIGHTS_MASK,
    empty_slot,
    fill_key,
    find,
    find_slot,
    find_table,
    grow,
    place_for,
)
from kernel.removal import live_payer
from kernel.structures import Cpu, Memory, Node, Thread
from kernel.teardown import delete_step, revoke_step, revokes_itself, work_step
from metal import Ptr, trailing_zeros, u64


def derive(thread: Ptr[Thread], handle: u64) -> u64:
    """DERIVE: a child with no more rights; a badge stays once it is set."""
    words = thread.frame.words
    index = words[1]
    granted = words[2]
    badge = words[3]
    node = find(thread, handle, 0)
    if isinstance(node, Error):
        return refused(node)
    header = node.object
    if header is None or tree.is_kind(node, Kind.REPLY):
        return refused(Error.WRONG_KIND)
    problem = tree.derivable(node)
    if isinstance(problem, Error):
        return refused(problem)
    table = find_table(thread, words[0])
    if isinstance(table, Error):
        return refused(table)
    if granted & ~(node.powers & RIGHTS_MASK) != 0 or (badge != 0 and node.badge != 0 and badge != node.badge):
        return refused(Error.NO_RIGHT)
    if badge >> 62 != 0:
        return refused(Error.BAD_ARGUMENT)
    if not grow(table, index):
        return AGAIN
    slot = empty_slot(table, index)
    if isinstance(slot, Error):
        return refused(slot)
    tree.fill(slot, header, granted, badge if badge != 0 else node.badge, node)
    words[0] = fill_key(slot, index & INDEX_MASK)
    return DONE


def move(thread: Ptr[Thread], handle: u64) -> u64:
    """MOVE: the same node, with its parent and children, in another slot."""
    words = thread.frame.words
    index = words[1]
    node = find(thread, handle, 0)
    if isinstance(node, Error):
        return refused(node)
    slot = place_for(thread, words[0], index)
    if slot is None:
        return AGAIN
    if isinstance(slot, Error):
        return refused(slot)
    if node.child is not None or node.waiters is not None or node.revoking:
        return refused(Error.BUSY)
    relocate(node, slot)
    words[0] = fill_key(slot, index & INDEX_MASK)
    return DONE


def relocate(node: Ptr[Node], slot: Ptr[Node]) -> None:
    """Let an empty slot be what a node was."""
    parent = node.parent
    header = node.object
    slot.powers = node.powers
    slot.badge = node.badge
    slot.object = header
    slot.dying = False
    slot.revoking = False
    if tree.is_kind(node, Kind.REPLY):
        if header is not None:
            thread_of(header).kept = slot
    else:
        tree.detach(node)
        tree.attach(parent, slot)
    node.object = None
    node.key = 0
    node.powers = 0
    node.badge = 0
    if node.generation < RIGHTS_MASK:
        node.generation += 1


def delete(cpu: Ptr[Cpu], thread: Ptr[Thread], handle: u64) -> u64:
    """DELETE. If it was the last handle, the object's teardown begins here; its payer can finish it."""
    node = find_slot(thread, handle)
    if isinstance(node, Error):
        return refused(node)
    header = node.object
    payer: Ptr[Memory] | None = None
    if header is not None and header.references == 1 and not tree.is_kind(node, Kind.REPLY):
        payer = live_payer(header)
    while not delete_step(cpu, node):
        if preemption_due():
            return AGAIN
    if payer is not None:
        while work_step(cpu, payer):
            if preemption_due():
                break
    return DONE


def revoke(cpu: Ptr[Cpu], thread: Ptr[Thread], handle: u64) -> u64:
    """REVOKE: complete when it answers DONE."""
    node = find(thread, handle, 0)
    if isinstance(node, Error):
        return refused(node)
    if tree.is_kind(node, Kind.REPLY):
        return refused(Error.WRONG_KIND)
    if revokes_itself(thread, node):
        return refused(Error.SELF)
    while not revoke_step(cpu, node):
        if preemption_due():
            return AGAIN
    return DONE


def identify(thread: Ptr[Thread], handle: u64) -> u64:
    """IDENTIFY."""
    node = find(thread, handle, 0)
    if isinstance(node, Error):
        return refused(node)
    words = thread.frame.words
    words[0] = trailing_zeros(node.powers >> KIND_SHIFT)
    words[1] = node.powers & RIGHTS_MASK
    words[2] = node.badge
    return DONE
