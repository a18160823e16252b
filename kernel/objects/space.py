"""Address spaces: mapping memory into them and taking it out, in steps that start again where they stopped."""

from __future__ import annotations

from typing import Final

from abi import rights
from abi.kernel import EXECUTE, READ, WRITE, Error, Kind
from kernel import casts, tree
from kernel.answers import AGAIN, DONE, refused
from kernel.arch.chosen import PAGE_BITS, USER_TOP
from kernel.arch.contract import DEVICE
from kernel.current import preemption_due
from kernel.handles import find, need
from kernel.limits import BYTES_A_STEP
from kernel.memory.spaces import fill_step, mapping_of_page, new_mapping
from kernel.removal import remove_step
from kernel.structures import Cpu, Mapping, Memory, Node, Place, Space, Stretch, Thread
from kernel.teardown import delete_step
from metal import U64, Ptr, u64

PAGE_MASK: Final = (1 << PAGE_BITS) - 1
ANY_ACCESS: Final = READ | WRITE | EXECUTE


def space_at_node(node: Ptr[Node]) -> Ptr[Space] | Error:
    """The space that a node names; the lookup has proved the kind."""
    header = node.object
    if header is None:
        return Error.NO_HANDLE
    return casts.space_of(header)


def needed_for(access: u64) -> u64:
    """What the handle of a memory must have to be mapped so."""
    wanted = U64(0)
    if access & READ != 0:
        wanted |= rights.MEMORY_READ
    if access & WRITE != 0:
        wanted |= rights.MEMORY_WRITE
    if access & EXECUTE != 0:
        wanted |= rights.MEMORY_EXECUTE
    return need(Kind.MEMORY, wanted)


def clear_until(memory: Ptr[Memory], end: u64) -> bool:
    """Clear a memory up to an offset, so that it may be shown. False: an interrupt waits, and there is more to do."""
    if memory.cleared >= end:
        return True
    while memory.cleared < end:
        left = memory.size - memory.cleared
        step = left if left < BYTES_A_STEP else BYTES_A_STEP
        casts.clear(casts.to_virtual(memory.base + memory.cleared), step)
        memory.cleared += step
        if memory.cleared < end and preemption_due():
            return False
    return True


def check_stretch(memory: Ptr[Memory], wanted: Ptr[Stretch]) -> Error | None:
    """Why a piece of a memory cannot be mapped as it is wanted."""
    if (wanted.offset | wanted.address | wanted.bytes) & PAGE_MASK != 0 or wanted.bytes == 0:
        return Error.BAD_ARGUMENT
    if wanted.offset > memory.size or wanted.bytes > memory.size - wanted.offset:
        return Error.BAD_ARGUMENT
    if wanted.access == 0 or wanted.access > ANY_ACCESS or wanted.access & (WRITE | EXECUTE) == WRITE | EXECUTE:
        return Error.BAD_ARGUMENT
    if memory.ports or (memory.device and wanted.access & EXECUTE != 0):
        return Error.BAD_ARGUMENT
    if wanted.address == 0 or wanted.address >= USER_TOP or wanted.bytes > USER_TOP - wanted.address:
        return Error.BAD_ADDRESS
    if memory.used > 0:
        return Error.BUSY
    return None


def map_memory(cpu: Ptr[Cpu], thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """MAP. Nothing is kept between the calls of a long mapping but what the space itself shows."""
    words = thread.frame.words
    wanted = Stretch(offset=words[1], address=words[2], bytes=words[3], access=words[4])
    space = space_at_node(node)
    if isinstance(space, Error):
        return refused(space)
    given = find(thread, words[0], needed_for(wanted.access & ANY_ACCESS))
    if isinstance(given, Error):
        return refused(given)
    header = given.object
    payer = space.header.payer
    if header is None or payer is None:
        return refused(Error.NO_HANDLE)
    memory = casts.memory_of(header)
    problem = check_stretch(memory, wanted)
    if isinstance(problem, Error):
        return refused(problem)
    if memory.device:
        wanted.access |= DEVICE
    mapping = unfinished(space, memory, wanted)
    if mapping is None:
        trouble = tree.derivable(given)
        if isinstance(trouble, Error):
            return refused(trouble)
        if mapping_of_page(space, wanted.address) is not None:
            return refused(Error.MAPPED)
        if not clear_until(memory, wanted.offset + wanted.bytes):
            return AGAIN
        mapping = begin(space, payer, given, memory, wanted)
        if mapping is None:
            return refused(Error.NO_MEMORY)
    return fill(cpu, mapping)


def unfinished(space: Ptr[Space], memory: Ptr[Memory], wanted: Ptr[Stretch]) -> Ptr[Mapping] | None:
    """The mapping that this very call began before it was interrupted."""
    mapping = mapping_of_page(space, wanted.address)
    if mapping is None or mapping.address != wanted.address or mapping.access != wanted.access:
        return None
    if mapping.physical != memory.base + wanted.offset or mapping.pages != wanted.bytes >> PAGE_BITS:
        return None
    if mapping.filled == mapping.pages and not mapping.removing:
        return None
    return mapping


def begin(
    space: Ptr[Space], payer: Ptr[Memory], given: Ptr[Node], memory: Ptr[Memory], wanted: Ptr[Stretch]
) -> Ptr[Mapping] | None:
    """A mapping without pages yet, derived from the memory's handle."""
    mapping = new_mapping(space, payer, wanted.address, memory.base + wanted.offset, wanted.bytes >> PAGE_BITS)
    if mapping is None:
        return None
    mapping.access = wanted.access
    mapping.node.place = Place.MAPPING
    memory.pins += 1
    tree.fill(mapping.node, memory.header, wanted.access & ANY_ACCESS, 0, given)
    return mapping


def fill(cpu: Ptr[Cpu], mapping: Ptr[Mapping]) -> u64:
    """Map page after page; when something is in the way or a table cannot be paid, take back what was mapped."""
    while not mapping.removing and mapping.filled < mapping.pages:
        problem = fill_step(mapping)
        if isinstance(problem, Error):
            mapping.problem = problem
            mapping.removing = True
        elif mapping.filled < mapping.pages and preemption_due():
            return AGAIN
    if not mapping.removing:
        return DONE
    answer = refused(mapping.problem)
    while not remove_step(cpu, mapping.node):
        if preemption_due():
            return AGAIN
    return answer


def unmap(cpu: Ptr[Cpu], thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """UNMAP. The first page goes last, so that an interrupted call finds the mapping again."""
    space = space_at_node(node)
    if isinstance(space, Error):
        return refused(space)
    address = thread.frame.words[0]
    mapping = mapping_of_page(space, address)
    if mapping is None or mapping.address != address:
        return refused(Error.BAD_ADDRESS)
    while not delete_step(cpu, mapping.node):
        if preemption_due():
            return AGAIN
    return DONE
