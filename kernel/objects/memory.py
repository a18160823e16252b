"""Memory: what pays for objects. Creating them, and telling how it is used."""

from __future__ import annotations

from abi import rights
from abi.kernel import CALLS_ONLY, Error, Kind, ThreadState
from kernel import casts, tree
from kernel.answers import AGAIN, DONE, refused
from kernel.arch.chosen import PAGE_BITS
from kernel.current import preemption_due
from kernel.handles import INDEX_MASK, fill_key, place_for
from kernel.limits import LEAST_REFILLS, REFILLS
from kernel.memory import spaces
from kernel.memory.blocks import give, take
from kernel.objects.reply import new_number
from kernel.structures import Cpu, Header, Memory, Node, Thread
from kernel.teardown import work_step
from metal import U8, U64, Ptr, u64


def memory_at_node(node: Ptr[Node]) -> Ptr[Memory] | Error:
    """The memory that a node names; the lookup has proved the kind."""
    header = node.object
    if header is None:
        return Error.NO_HANDLE
    return casts.memory_of(header)


def may_pay(node: Ptr[Node]) -> Ptr[Memory] | Error:
    """The memory of a node, when objects may live in it and handles be derived from the node."""
    problem = tree.derivable(node)
    if isinstance(problem, Error):
        return problem
    memory = memory_at_node(node)
    if isinstance(memory, Error):
        return memory
    if memory.pins > 0 or memory.device:
        return Error.MAPPED
    return memory


def create(cpu: Ptr[Cpu], thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """CREATE: everything that may refuse, then the object, then its handle."""
    words = thread.frame.words
    number = words[0]
    size = words[1]
    index = words[3]
    memory = may_pay(node)
    if isinstance(memory, Error):
        return refused(memory)
    slot = place_for(thread, words[2], index)
    if slot is None:
        return AGAIN
    if isinstance(slot, Error):
        return refused(slot)
    made = make(memory, number, size, words[4])
    if isinstance(made, Error):
        if made == Error.NO_MEMORY and memory.dying is not None:
            return reclaim_more(cpu, memory)
        return refused(made)
    tree.fill(slot, made, rights.ALL, 0, node)
    words[0] = fill_key(slot, index & INDEX_MASK)
    return DONE


def reclaim_more(cpu: Ptr[Cpu], memory: Ptr[Memory]) -> u64:
    """There was no room, but something is being torn down here: go on with that, then try again."""
    while work_step(cpu, memory):
        if preemption_due():
            break
    return AGAIN


def make(memory: Ptr[Memory], number: u64, size: u64, needs: u64) -> Ptr[Header] | Error:
    """An object of a kind, or why not."""
    if number == U64(Kind.MEMORY):
        return make_memory(memory, size)
    if number == U64(Kind.SPACE):
        return make_space(memory)
    if number == U64(Kind.THREAD):
        return make_thread(memory)
    if number == U64(Kind.ENDPOINT):
        return make_endpoint(memory, size, needs)
    if number == U64(Kind.NOTIFICATION):
        return make_notification(memory)
    if number == U64(Kind.CONTEXT):
        return make_context(memory, size)
    if number == U64(Kind.TABLE):
        return make_table(memory, size)
    return Error.BAD_ARGUMENT


def new_block(memory: Ptr[Memory], bytes: u64) -> u64:
    """A cleared block, or 0."""
    block = take(memory, bytes, 0)
    if block != 0:
        casts.clear(block, (bytes + 7) & ~U64(7))
    return block


def begin(header: Ptr[Header], kind: Kind, memory: Ptr[Memory], block: u64, bytes: u64) -> Ptr[Header]:
    """Fill the header of a new object."""
    header.kind = kind
    header.block = block
    header.bytes = bytes
    header.payer = memory
    return header


def make_memory(memory: Ptr[Memory], size: u64) -> Ptr[Header] | Error:
    """A memory carved out of another: whole pages, shown to nobody before they are cleared."""
    page = U64(1) << PAGE_BITS
    if size == 0 or size & (page - 1) != 0 or size >= U64(1) << 48:
        return Error.BAD_ARGUMENT
    block = new_block(memory, casts.MEMORY_BYTES)
    if block == 0:
        return Error.NO_MEMORY
    range_start = take(memory, size, PAGE_BITS)
    if range_start == 0:
        give(memory, block, casts.MEMORY_BYTES)
        return Error.NO_MEMORY
    made = casts.memory_at(block)
    made.base = casts.to_physical(range_start)
    made.size = size
    return begin(made.header, Kind.MEMORY, memory, block, casts.MEMORY_BYTES)


def make_space(memory: Ptr[Memory]) -> Ptr[Header] | Error:
    """An empty address space."""
    block = new_block(memory, casts.SPACE_BYTES)
    if block == 0:
        return Error.NO_MEMORY
    made = casts.space_at(block)
    problem = spaces.set_up(made, memory)
    if isinstance(problem, Error):
        give(memory, block, casts.SPACE_BYTES)
        return problem
    return begin(made.header, Kind.SPACE, memory, block, casts.SPACE_BYTES)


def make_thread(memory: Ptr[Memory]) -> Ptr[Header] | Error:
    """A thread that is stopped and has nothing."""
    block = new_block(memory, casts.THREAD_BYTES)
    if block == 0:
        return Error.NO_MEMORY
    made = casts.thread_at(block)
    made.state = ThreadState.STOPPED
    made.timer.thread = made
    made.number = new_number()
    return begin(made.header, Kind.THREAD, memory, block, casts.THREAD_BYTES)


def make_endpoint(memory: Ptr[Memory], options: u64, needs: u64) -> Ptr[Header] | Error:
    """An endpoint, perhaps for calls only."""
    if options > CALLS_ONLY or (needs > 0 and options != CALLS_ONLY):
        return Error.BAD_ARGUMENT
    block = new_block(memory, casts.ENDPOINT_BYTES)
    if block == 0:
        return Error.NO_MEMORY
    made = casts.endpoint_at(block)
    made.calls_only = options == CALLS_ONLY
    made.needs = needs
    return begin(made.header, Kind.ENDPOINT, memory, block, casts.ENDPOINT_BYTES)


def make_notification(memory: Ptr[Memory]) -> Ptr[Header] | Error:
    """A notification without bits."""
    block = new_block(memory, casts.NOTIFICATION_BYTES)
    if block == 0:
        return Error.NO_MEMORY
    made = casts.notification_at(block)
    return begin(made.header, Kind.NOTIFICATION, memory, block, casts.NOTIFICATION_BYTES)


def make_context(memory: Ptr[Memory], refills: u64) -> Ptr[Header] | Error:
    """A context without budget, with room for so many pieces; 0: as many as there can be."""
    pieces = U64(REFILLS) if refills == 0 else refills
    if pieces < LEAST_REFILLS or pieces > REFILLS:
        return Error.BAD_ARGUMENT
    block = new_block(memory, casts.CONTEXT_BYTES)
    if block == 0:
        return Error.NO_MEMORY
    made = casts.context_at(block)
    made.limit = U8(pieces)
    made.release.context = made
    return begin(made.header, Kind.CONTEXT, memory, block, casts.CONTEXT_BYTES)


def make_table(memory: Ptr[Memory], slots: u64) -> Ptr[Header] | Error:
    """A table of empty slots; they are cleared when they are first wanted."""
    if slots < 2 or slots >= INDEX_MASK:
        return Error.BAD_ARGUMENT
    block = new_block(memory, casts.TABLE_BYTES)
    if block == 0:
        return Error.NO_MEMORY
    base = take(memory, slots * casts.NODE_BYTES, 0)
    if base == 0:
        give(memory, block, casts.TABLE_BYTES)
        return Error.NO_MEMORY
    made = casts.table_at(block)
    made.base = base
    made.slots = slots
    return begin(made.header, Kind.TABLE, memory, block, casts.TABLE_BYTES)


def reclaim(cpu: Ptr[Cpu], thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """RECLAIM."""
    memory = memory_at_node(node)
    if isinstance(memory, Error):
        return refused(memory)
    while work_step(cpu, memory):
        if preemption_due():
            return AGAIN
    if cpu.caller is thread:  # else the caller itself was torn down, and its bytes are somebody's again
        thread.frame.words[0] = memory.used
    return DONE


def read(thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """MEMORY_READ."""
    memory = memory_at_node(node)
    if isinstance(memory, Error):
        return refused(memory)
    words = thread.frame.words
    words[0] = memory.size
    words[1] = memory.used
    words[2] = memory.pins
    return DONE
