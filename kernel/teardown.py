"""Tearing down what nobody names any more, deleting handles, and revoking: always one bounded step at a time."""

from __future__ import annotations

from abi.kernel import Kind, ThreadState
from kernel import tree
from kernel.casts import (
    NODE_BYTES,
    context_of,
    interrupt_of,
    memory_of,
    slot_of,
    space_of,
    table_of,
    thread_of,
    to_virtual,
)
from kernel.ending import forget_registers, retire
from kernel.handles import KIND_SHIFT
from kernel.memory.blocks import give
from kernel.memory.invalidation import forget_everywhere
from kernel.memory.spaces import drop_spare, free_tables_step, give_tag
from kernel.memory.tables import PAGE
from kernel.objects.context import destroy_step
from kernel.objects.interrupt import silence
from kernel.objects.reply import abandon, empty_kept
from kernel.removal import enlist, remove_step
from kernel.structures import Cpu, Header, Memory, Node, Space, Table, Thread
from metal import U64, Ptr


def delete_step(cpu: Ptr[Cpu], node: Ptr[Node]) -> bool:
    """One step of emptying a slot or binding: children go up one level, one a step. True when it is empty."""
    if node.powers >> (U64(Kind.REPLY) + KIND_SHIFT) == 1:
        delete_reply(node)
        return True
    node.dying = True
    node.powers = 0
    child = node.child
    if node.waiters is None and child is not None:
        parent = node.parent
        tree.detach(child)
        tree.attach(parent, child)
        return False
    return remove_step(cpu, node)


def delete_reply(node: Ptr[Node]) -> None:
    """A kept right ends without a reply."""
    header = node.object
    empty_kept(node)
    if header is not None:
        caller = thread_of(header)
        abandon(caller)


def revoke_step(cpu: Ptr[Cpu], node: Ptr[Node]) -> bool:
    """One step of removing everything below a node; no place is remembered. True when nothing is left.

    The mark at the root keeps everybody from deriving below it, so that what is below can only get less.
    """
    node.revoking = True
    leaf = tree.leaf_below(node)
    if leaf is not None:
        remove_step(cpu, leaf)
        return False
    header = node.object
    if header is not None and header.kind == Kind.MEMORY and work_step(cpu, memory_of(header)):
        return False
    node.revoking = False
    return True


def work_step(cpu: Ptr[Cpu], memory: Ptr[Memory]) -> bool:
    """One step of the oldest object on a memory's list. Whether one was made."""
    header = memory.dying
    if header is None:
        return False
    if object_step(cpu, header):
        free_object(memory, header)
    return True


def object_step(cpu: Ptr[Cpu], header: Ptr[Header]) -> bool:
    """One step of an object's end. True when only its block is left."""
    match header.kind:
        case Kind.THREAD:
            return thread_step(cpu, thread_of(header))
        case Kind.TABLE:
            return table_step(cpu, table_of(header))
        case Kind.SPACE:
            return space_step(cpu, space_of(header))
        case Kind.CONTEXT:
            return destroy_step(cpu, context_of(header))
        case Kind.INTERRUPT:
            return interrupt_step(cpu, header)
        case Kind.MEMORY | Kind.ENDPOINT | Kind.NOTIFICATION | Kind.MACHINE | Kind.REPLY:
            return True


def thread_step(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> bool:
    """A thread: first it ends, then its bindings, one a step."""
    if thread.state != ThreadState.DEAD:
        retire(cpu, thread)
        thread.state = ThreadState.DEAD
        if cpu.caller is thread:
            cpu.caller = None
        return False
    if (
        bound_step(cpu, thread.notification_node) or bound_step(cpu, thread.context_node)
        or bound_step(cpu, thread.handler_node) or bound_step(cpu, thread.exhaustion_node)
        or bound_step(cpu, thread.page_node) or bound_step(cpu, thread.table_node)
        or bound_step(cpu, thread.space_node)
    ):  # fmt: skip
        return False
    forget_registers(thread)
    return True


def bound_step(cpu: Ptr[Cpu], node: Ptr[Node]) -> bool:
    """One step of deleting a binding. False when there is none."""
    if node.object is None:
        return False
    delete_step(cpu, node)
    return True


def interrupt_step(cpu: Ptr[Cpu], header: Ptr[Header]) -> bool:
    """An interrupt: mask the line first, then the binding."""
    interrupt = interrupt_of(header)
    if bound_step(cpu, interrupt.target):
        return False
    silence(interrupt)
    return True


def table_step(cpu: Ptr[Cpu], table: Ptr[Table]) -> bool:
    """A table: one slot a step."""
    while table.emptied < table.ready:
        node = slot_of(table, table.emptied)
        if node.key != 0:
            delete_step(cpu, node)
            return False
        table.emptied += 1
        if table.emptied & 31 == 0:
            return False
    return True


def space_step(cpu: Ptr[Cpu], space: Ptr[Space]) -> bool:
    """A space: no CPU knows a translation of it any more, then its mappings, then its tables."""
    if not space.forgotten:
        forget_everywhere(cpu, space.tag, 0, 0)
        space.forgotten = True
        return False
    mapping = space.mappings
    if mapping is not None:
        delete_step(cpu, mapping.node)
        return False
    payer = space.header.payer
    if payer is None or not free_tables_step(space, payer):
        return False
    drop_spare(space, payer)
    give(payer, to_virtual(space.root), PAGE)
    give_tag(space.tag)
    return True


def free_object(memory: Ptr[Memory], header: Ptr[Header]) -> None:
    """Take the first object off a memory's list and give its bytes back to the memory that paid."""
    following = header.next_dying
    memory.dying = following
    if following is None:
        memory.dying_last = None
    payer = header.payer
    if payer is None:
        return
    if header.kind == Kind.TABLE:
        table = table_of(header)
        give(payer, table.base, table.slots * NODE_BYTES)
    elif header.kind == Kind.MEMORY:
        inner = memory_of(header)
        if not inner.device:
            give(payer, to_virtual(inner.base), inner.size)
    give(payer, header.block, header.bytes)
    if payer.used == 0 and payer.header.dying:
        enlist(payer.header)


def revokes_itself(thread: Ptr[Thread], node: Ptr[Node]) -> bool:
    """Whether revoking a node would remove what the caller needs to see the end of it."""
    if tree.is_below(thread.space_node, node) or tree.is_below(thread.table_node, node):
        return True
    if thread.context_node.object is not None and tree.is_below(thread.context_node, node):
        return True
    header = node.object
    if header is None or header.kind != Kind.MEMORY:
        return False
    memory = memory_of(header)
    table = thread.table
    space = thread.space
    context = thread.context
    return (
        is_paid_by(thread.header, memory)
        or (table is not None and is_paid_by(table.header, memory))
        or (space is not None and is_paid_by(space.header, memory))
        or (context is not None and is_paid_by(context.header, memory))
    )


def is_paid_by(header: Ptr[Header], memory: Ptr[Memory]) -> bool:
    """Whether a memory pays an object, or pays the memory that does, and so on."""
    payer = header.payer
    while payer is not None:
        if payer is memory:
            return True
        payer = payer.header.payer
    return False
