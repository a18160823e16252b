"""Removing a handle or binding, with what it means for whom it stood in."""

from __future__ import annotations

from abi.kernel import Error, Kind, ThreadState
from kernel import tree
from kernel.casts import interrupt_of, mapping_of, memory_of, thread_of
from kernel.chips.chosen import mask
from kernel.ending import retire
from kernel.handles import RIGHTS_MASK
from kernel.memory.spaces import drop_mapping, unmap_step
from kernel.objects import context as contexts
from kernel.objects.notification import unbind
from kernel.structures import Cpu, Header, Memory, Node, Place, Thread
from kernel.waiting import fail_wait
from metal import Ptr


def abort_waiter(node: Ptr[Node]) -> bool:
    """End one wait that goes through a node. Whether there was one."""
    thread = node.waiters
    if thread is None:
        return False
    fail_wait(thread, Error.GONE)
    return True


def remove_step(cpu: Ptr[Cpu], node: Ptr[Node]) -> bool:
    """One step towards removing a node without children. True when it is gone. From the first step on it is dying."""
    node.dying = True
    node.powers = 0
    if abort_waiter(node):
        return False
    if node.place == Place.MAPPING:
        return remove_mapping_step(cpu, node)
    undo_binding(cpu, node)
    vacate(node)
    return True


def vacate(node: Ptr[Node]) -> None:
    """Empty a node's place and let go of its object."""
    tree.detach(node)
    header = node.object
    node.object = None
    node.key = 0
    node.powers = 0
    node.badge = 0
    node.dying = False
    node.revoking = False
    if node.generation < RIGHTS_MASK:
        node.generation += 1
    if header is not None:
        let_go(header)


def let_go(header: Ptr[Header]) -> None:
    """One node less names an object; after the last one it is to be torn down, a memory once nothing lives in it."""
    header.references -= 1
    if header.references > 0 or header.dying or header.payer is None:
        return
    header.dying = True
    if header.kind == Kind.MEMORY:
        memory = memory_of(header)
        if memory.used > 0:
            hand_list_up(memory)
            return
    enlist(header)


def live_payer(header: Ptr[Header]) -> Ptr[Memory] | None:
    """The nearest memory among those that pay an object that somebody still holds."""
    payer = header.payer
    while payer is not None and payer.header.dying:
        payer = payer.header.payer
    return payer


def enlist(header: Ptr[Header]) -> None:
    """Put an object on the list from which the nearest live payer's holder works it off."""
    owner = live_payer(header)
    if owner is None:
        return
    header.next_dying = None
    last = owner.dying_last
    if last is not None:
        last.next_dying = header
    else:
        owner.dying = header
    owner.dying_last = header


def hand_list_up(memory: Ptr[Memory]) -> None:
    """Nobody holds a memory any more: what dies in it is worked off by whom pays the memory."""
    first = memory.dying
    last_own = memory.dying_last
    owner = live_payer(memory.header)
    if first is None or last_own is None or owner is None:
        return
    last = owner.dying_last
    if last is not None:
        last.next_dying = first
    else:
        owner.dying = first
    owner.dying_last = last_own
    memory.dying = None
    memory.dying_last = None


def undo_binding(cpu: Ptr[Cpu], node: Ptr[Node]) -> None:
    """What an object loses with a binding."""
    holder = node.holder
    if holder is None:
        return
    match node.place:
        case Place.SPACE:
            lose_place(cpu, thread_of(holder))
            thread_of(holder).space = None
        case Place.TABLE:
            lose_place(cpu, thread_of(holder))
            thread_of(holder).table = None
        case Place.CONTEXT:
            contexts.release(cpu, thread_of(holder))
        case Place.NOTIFICATION:
            unbind(thread_of(holder))
        case Place.MESSAGE_PAGE:
            unpin(node)
            thread_of(holder).message_page = 0
        case Place.INTERRUPT:
            mask(interrupt_of(holder).line)
        case Place.SLOT | Place.HANDLER | Place.EXHAUSTION | Place.MAPPING:
            pass


def lose_place(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> None:
    """A thread without its space or table cannot run; what it waits for ends first."""
    if thread.state != ThreadState.DEAD:
        retire(cpu, thread)


def unpin(node: Ptr[Node]) -> None:
    """One mapping or message page less holds a memory."""
    header = node.object
    if header is not None and header.kind == Kind.MEMORY:
        memory_of(header).pins -= 1


def remove_mapping_step(cpu: Ptr[Cpu], node: Ptr[Node]) -> bool:
    """Unmap some pages; when none is left, forget the mapping and free its record."""
    mapping = mapping_of(node)
    if not unmap_step(cpu, mapping):
        return False
    unpin(node)
    vacate(node)
    space = mapping.space
    if space is not None:
        payer = space.header.payer
        if payer is not None:
            drop_mapping(space, mapping, payer)
    return True
