"""What must hold whenever the kernel is left, checked over every handle, object, queue, timer, block and page table.

It is compiled with the kernel and walks the kernel's own data; the first assertion that fails names what is broken.
"""

from __future__ import annotations

from typing import Final

from abi import boot
from abi.kernel import Fault, Kind, ThreadState
from kernel import refills
from kernel.arch.chosen import LEVELS, entry_physical, entry_present, leaf
from kernel.arch.host.machine import machine
from kernel.casts import (
    MAPPING_BYTES,
    NODE_BYTES,
    context_of,
    endpoint_of,
    load,
    memory_of,
    notification_of,
    slot_of,
    space_of,
    table_of,
    thread_of,
    to_virtual,
)
from kernel.current import cpu_at, is_running
from kernel.handles import INDEX_MASK, RIGHTS_MASK
from kernel.limits import CPUS, DEPTH, PRIORITIES
from kernel.memory.blocks import rounded
from kernel.memory.tables import ENTRIES, PAGE, entry_address, find_leaf_table, owner_place
from kernel.structures import (
    Context,
    Cpu,
    Endpoint,
    Header,
    Memory,
    Node,
    Place,
    Queue,
    Space,
    Thread,
)
from kernel.timers import cell_at, earlier
from metal import U8, U32, U64, Array, Ptr, addr_of, array, ptr_at, struct, u64

UNSAFE: Final = True
MOST: Final = 4096


@struct
class NodeEntry:
    """One node that was found."""

    node: Ptr[Node] | None = None


@struct
class ObjectEntry:
    """One object that was found, and how many nodes name it."""

    header: Ptr[Header] | None = None
    nodes: u64 = 0
    paid: u64 = 0
    pins: u64 = 0


@struct
class Found:
    """All there is."""

    nodes: u64 = 0
    objects: u64 = 0
    node: Array[NodeEntry] = array(MOST)
    object: Array[ObjectEntry] = array(MOST)


found: Found = Found()


def check(root: u64) -> u64:
    """Check everything; the number of nodes that were looked at."""
    found.nodes = 0
    found.objects = 0
    thread = ptr_at(Thread, root)
    table = thread.table
    assert table is not None
    collect_below(slot_of(table, boot.MEMORY))
    collect_below(slot_of(table, boot.MACHINE))
    collect_dying()
    for index in range(found.nodes):
        node = found.node[index].node
        if node is not None:
            check_node(node)
    for index in range(found.objects):
        header = found.object[index].header
        if header is not None:
            assert header.references == U32(found.object[index].nodes)
            check_object(header)
    for cpu in range(U32(CPUS)):
        check_cpu(cpu_at(cpu))
    check_payments()
    check_translations()
    return found.nodes


def note_object(header: Ptr[Header]) -> u64:
    """Where an object stands in the list."""
    for index in range(found.objects):
        if found.object[index].header is header:
            return index
    entry = found.object[found.objects]
    entry.header = header
    entry.nodes = 0
    entry.paid = 0
    entry.pins = 0
    found.objects += 1
    return found.objects - 1


def collect_below(root: Ptr[Node]) -> None:
    """Every node of a tree, a parent before its children, without recursion."""
    node = root
    while True:
        found.node[found.nodes].node = node
        found.nodes += 1
        header = node.object
        assert header is not None
        found.object[note_object(header)].nodes += 1
        child = node.child
        if child is not None:
            node = child
            continue
        while node is not root and node.next is None:
            parent = node.parent
            assert parent is not None
            node = parent
        following = node.next
        if node is root or following is None:
            return
        node = following


def collect_dying() -> None:
    """Objects without handles: on the lists of memories, or memories that wait for what lives in them."""
    index: u64 = 0
    while index < found.objects:
        header = found.object[index].header
        assert header is not None
        payer = header.payer
        if payer is not None:
            note_object(payer.header)
        if header.kind == Kind.MEMORY:
            dying = memory_of(header).dying
            assert dying is None or not header.dying
            while dying is not None:
                assert dying.dying and dying.references == 0
                note_object(dying)
                dying = dying.next_dying
        index += 1


def check_node(node: Ptr[Node]) -> None:
    """A handle or binding, and its place in the tree."""
    header = node.object
    assert header is not None
    assert not header.dying
    depth: u64 = 0
    above = node.parent
    while above is not None:
        depth += 1
        above = above.parent
    assert depth < DEPTH
    parent = node.parent
    before = node.previous
    if before is not None:
        assert before.next is node
    elif parent is not None:
        assert parent.child is node
    after = node.next
    if after is not None:
        assert after.previous is node and after.parent is parent
    if parent is not None and parent.object is header:
        assert node.powers & ~parent.powers & RIGHTS_MASK == 0 or parent.dying
    if node.place == Place.SLOT:
        holder = node.holder
        assert holder is not None and holder.kind == Kind.TABLE
        index = node.key & INDEX_MASK
        assert index > 0 and slot_of(table_of(holder), index) is node
        assert node.key >> 32 == U64(node.generation)
    waiter = node.waiters
    while waiter is not None:
        assert waiter.via is node and waiter.endpoint is not None
        waiter = waiter.via_next


def check_object(header: Ptr[Header]) -> None:
    """An object by its kind."""
    match header.kind:
        case Kind.THREAD:
            check_thread(thread_of(header))
        case Kind.ENDPOINT:
            check_endpoint(endpoint_of(header))
        case Kind.CONTEXT:
            check_context(context_of(header))
        case Kind.SPACE:
            check_space(space_of(header))
        case Kind.MEMORY:
            check_memory(memory_of(header))
        case Kind.NOTIFICATION:
            thread = notification_of(header).thread
            assert thread is None or thread.notification is notification_of(header)
        case Kind.TABLE:
            assert table_of(header).ready <= table_of(header).slots
        case Kind.INTERRUPT | Kind.MACHINE | Kind.REPLY:
            pass


def waits(thread: Ptr[Thread]) -> bool:
    """Whether a thread may be in a queue and have a timer."""
    state = thread.state
    return state == ThreadState.SENDING or state == ThreadState.CALLING or state == ThreadState.RECEIVING


def check_thread(thread: Ptr[Thread]) -> None:
    """A thread is in exactly the places its state allows."""
    endpoint = thread.endpoint
    if waits(thread):
        assert endpoint is not None or thread.state == ThreadState.RECEIVING
        if endpoint is not None:
            queue = endpoint.receivers if thread.state == ThreadState.RECEIVING else endpoint.senders
            assert is_queued(queue, thread)
            assert thread.via is not None
    else:
        assert endpoint is None and thread.via is None
        assert not thread.timer.queued
    check_call(thread)
    notification = thread.notification
    if thread.state == ThreadState.RECEIVING and notification is not None and notification.word != 0:
        assert thread.home is None
    check_bindings(thread)
    check_time(thread)


def check_call(thread: Ptr[Thread]) -> None:
    """The record of a call and the right to answer it point at each other."""
    server = thread.server
    kept = thread.kept
    if thread.state == ThreadState.AWAITING_REPLY:
        assert (server is None) != (kept is None)
    else:
        assert server is None and kept is None
    if server is not None:
        assert server.caller is thread and server.caller_number == thread.number
    if kept is not None:
        assert kept.object is thread.header and kept.badge == thread.number
    caller = thread.caller
    if caller is not None:
        assert caller.server is thread and thread.caller_number != 0
    if thread.state == ThreadState.RECEIVING:
        assert thread.caller_number == 0


def check_bindings(thread: Ptr[Thread]) -> None:
    """What a thread uses is what its bindings name."""
    space = thread.space
    table = thread.table
    assert (thread.space_node.object is None) == (space is None)
    assert space is None or thread.space_node.object is space.header
    assert (thread.table_node.object is None) == (table is None)
    assert table is None or thread.table_node.object is table.header
    home = thread.home
    assert (thread.context_node.object is None) == (home is None)
    assert home is None or thread.context_node.object is home.header
    notification = thread.notification
    assert (thread.notification_node.object is None) == (notification is None)
    assert notification is None or notification.thread is thread
    assert (thread.page_node.object is None) == (thread.message_page == 0)
    if thread.state == ThreadState.READY:
        assert space is not None and table is not None


def check_time(thread: Ptr[Thread]) -> None:
    """A READY thread with time is in one place, every other one in none."""
    context = thread.context
    home = thread.home
    if context is not None:
        assert context.user is thread
        assert home is None or context is home
    if home is not None:
        assert home.home is thread
    places: u64 = 0
    if is_running(thread):
        places += 1
        assert cpu_at(thread.cpu).thread is thread
    if thread.queued:
        places += 1
        assert context is not None and thread.cpu == context.cpu
    if context is not None and context.release.queued:
        places += 1
    if thread.state == ThreadState.READY and context is not None and context.count > 0:
        assert places == 1
    else:
        assert places == 0
    lent = thread.lent
    if lent is not None:
        assert context is None
        assert thread.state == ThreadState.AWAITING_REPLY or thread.state == ThreadState.READY
        assert is_lender(lent, thread)
    if thread.state == ThreadState.RECEIVING:
        assert context is None or context is home
    if thread.state == ThreadState.CALLING and thread.fault == Fault.NONE:
        assert context is not None


def is_lender(context: Ptr[Context], thread: Ptr[Thread]) -> bool:
    """Whether a thread is in a context's stack of lenders."""
    lender = context.lenders
    while lender is not None:
        if lender is thread:
            return True
        lender = lender.lender_below
    return False


def is_queued(queue: Ptr[Queue], thread: Ptr[Thread]) -> bool:
    """Whether a thread is in an endpoint's queue."""
    leader = queue.first
    while leader is not None:
        member = leader
        while True:
            if member is thread:
                return True
            following = member.next
            assert following is not None
            if following is leader:
                break
            member = following
        leader = leader.lower
    return False


def check_endpoint(endpoint: Ptr[Endpoint]) -> None:
    """Never do senders and receivers both wait; the best is first."""
    assert endpoint.senders.first is None or endpoint.receivers.first is None
    check_queue(endpoint, endpoint.senders)
    check_queue(endpoint, endpoint.receivers)
    check_ready(endpoint)


def check_ready(endpoint: Ptr[Endpoint]) -> None:
    """The server that the straight road may take waits alone, for a short call and for its caller's time."""
    server = endpoint.ready
    if server is None:
        return
    via = server.via
    assert endpoint.receivers.first is server and server.next is server and server.lower is None
    assert via is not None and via.waiters is server and server.via_next is None
    assert server.home is None and server.context is None and server.lent is None
    assert not server.long and not server.timer.queued and endpoint.needs == 0


def check_queue(endpoint: Ptr[Endpoint], queue: Ptr[Queue]) -> None:
    """Leaders by falling priority, rings of one priority each."""
    leader = queue.first
    higher: u64 = PRIORITIES
    while leader is not None:
        assert leader.leader and U64(leader.priority) < higher
        higher = U64(leader.priority)
        member = leader
        while True:
            assert member.endpoint is endpoint and member.priority == leader.priority
            following = member.next
            assert following is not None and following.previous is member
            if following is leader:
                break
            assert not following.leader
            member = following
        below = leader.lower
        assert below is None or below.higher is leader
        leader = below


def check_context(context: Ptr[Context]) -> None:
    """No unit of budget is made or lost, and its pieces are in order."""
    total: u64 = 0
    last: u64 = 0
    assert context.count <= context.limit
    for index in range(U32(context.count)):
        place = refills.position(context, U8(index))
        assert context.times[place] >= last and context.amounts[place] > 0
        last = context.times[place]
        total += context.amounts[place]
    assert total == context.budget
    user = context.user
    assert user is None or user.context is context
    if context.lenders is not None:
        assert user is not None
    home = context.home
    if home is not None:
        assert home.home is context
        if user is None:
            assert home.context is not None or home.state == ThreadState.DEAD
    lender = context.lenders
    while lender is not None:
        assert lender.lent is context and lender.context is None
        lender = lender.lender_below


def check_space(space: Ptr[Space]) -> None:
    """Every page of a mapping is mapped where it should be, and no other is."""
    mapping = space.mappings
    pages: u64 = 0
    while mapping is not None:
        assert mapping.space is space
        for page in range(mapping.filled):
            address = mapping.address + page * PAGE
            table = find_leaf_table(space.root, address)
            assert table != 0
            assert load(owner_place(table, address)) == addr_of(mapping)
            entry = load(entry_address(table, address, LEVELS - 1))
            assert entry == leaf(mapping.physical + page * PAGE, mapping.access)
        pages += mapping.filled
        mapping = mapping.next
    assert pages == count_pages(space)


def count_pages(space: Ptr[Space]) -> u64:
    """How many pages the tables map."""
    if space.header.dying:
        return left_pages(space)
    return walk(space, True)


def left_pages(space: Ptr[Space]) -> u64:
    """How many pages the mappings of a dying space still have."""
    total: u64 = 0
    mapping = space.mappings
    while mapping is not None:
        total += mapping.filled
        mapping = mapping.next
    return total


def walk(space: Ptr[Space], pages: bool) -> u64:
    """Count what three levels of tables hold: mapped pages, or bytes of tables."""
    count: u64 = 0
    bytes: u64 = PAGE
    root = to_virtual(space.root)
    for high in range(U64(ENTRIES)):
        entry = load(root + high * 8)
        if entry_present(entry):
            bytes += PAGE
            middle = to_virtual(entry_physical(entry))
            for low in range(U64(ENTRIES)):
                branch = load(middle + low * 8)
                if entry_present(branch):
                    bytes += 2 * PAGE
                    table = to_virtual(entry_physical(branch))
                    for index in range(U64(ENTRIES)):
                        if entry_present(load(table + index * 8)):
                            count += 1
    return count if pages else bytes


def check_memory(memory: Ptr[Memory]) -> None:
    """What is used and what is free is all there is; used memory is not mapped."""
    assert memory.used == 0 or memory.pins == 0
    if not memory.pool:
        assert memory.used == 0
        return
    free: u64 = 0
    for order in range(U64(64)):
        block = memory.free[order].first
        assert (memory.sizes >> order) & 1 == (0 if block is None else 1)
        while block is not None:
            assert block.order == order
            assert addr_of(block) & ((U64(1) << order) - 1) == 0
            free += U64(1) << order
            following = block.next
            assert following is None or following.previous is block
            block = following
    assert free + memory.used + rounded((memory.size >> 12) << 3) == memory.size


def check_payments() -> None:
    """Each memory is charged for exactly what lives in it, and pinned by exactly what shows it."""
    for index in range(found.objects):
        header = found.object[index].header
        assert header is not None
        payer = header.payer
        if payer is not None:
            found.object[note_object(payer.header)].paid += size_of_object(header)
    for index in range(found.nodes):
        node = found.node[index].node
        assert node is not None
        header = node.object
        assert header is not None
        if node.place == Place.MAPPING or node.place == Place.MESSAGE_PAGE:
            found.object[note_object(header)].pins += 1
    for index in range(found.objects):
        header = found.object[index].header
        assert header is not None
        if header.kind == Kind.MEMORY:
            assert memory_of(header).used == found.object[index].paid
            assert memory_of(header).pins == found.object[index].pins


def size_of_object(header: Ptr[Header]) -> u64:
    """What an object costs its payer, with all that belongs to it."""
    bytes = rounded(header.bytes)
    if header.kind == Kind.MEMORY:
        memory = memory_of(header)
        if not memory.device:
            bytes += memory.size
    elif header.kind == Kind.TABLE:
        bytes += rounded(table_of(header).slots * NODE_BYTES)
    elif header.kind == Kind.SPACE:
        space = space_of(header)
        bytes += walk(space, False)
        if space.spare is not None:
            bytes += rounded(MAPPING_BYTES)
        mapping = space.mappings
        while mapping is not None:
            bytes += rounded(MAPPING_BYTES)
            mapping = mapping.next
    return bytes


def check_cpu(cpu: Ptr[Cpu]) -> None:
    """Run queues and timers; the best ready thread runs."""
    top: u64 = 0
    for priority in range(U64(PRIORITIES)):
        thread = cpu.levels[priority].first
        present = (cpu.present[priority >> 6] >> (priority & 63)) & 1
        assert present == (0 if thread is None else 1)
        before: Ptr[Thread] | None = None
        while thread is not None:
            assert thread.queued and U64(thread.priority) == priority and thread.cpu == cpu.index
            assert thread.state == ThreadState.READY and thread.previous is before
            before = thread
            thread = thread.next
            top = priority + 1
        assert cpu.levels[priority].last is before
    assert U64(cpu.top) == top and cpu.next is None
    running = cpu.thread
    settled = cpu.inside.load() == 0 and not machine.processors[cpu.index].poked
    if running is not None:
        assert running.cpu == cpu.index
        if settled:
            assert running.state == ThreadState.READY and cpu.context is running.context
            assert U64(running.priority) + 1 >= top
    elif settled:
        assert top == 0
    check_timers(cpu)


def check_timers(cpu: Ptr[Cpu]) -> None:
    """The heap is in order, and each timer knows its cell."""
    count = cpu.timers.count
    for position in range(U64(1), count + 1):
        cell = cell_at(cpu.timers, position)
        assert cell is not None
        timer = cell.timer
        assert timer is not None and timer.cell is cell and timer.queued and timer.cpu == cpu.index
        parent = cell.parent
        assert parent is None or not earlier(cell, parent)
    if cpu.inside.load() == 0 and count > 0:
        first = cell_at(cpu.timers, 1)
        assert first is not None
        timer = first.timer
        assert timer is not None
        processor = machine.processors[cpu.index]
        assert processor.deadline <= timer.time or processor.poked


def check_translations() -> None:
    """No CPU remembers a translation that is not true any more."""
    for index in range(U64(CPUS)):
        processor = machine.processors[index]
        for number in range(processor.used):
            known = processor.translations[number]
            if known.entry != 0:
                assert is_true(known.tag, known.page * PAGE, known.entry)


def is_true(tag: u64, address: u64, entry: u64) -> bool:
    """Whether some space with this tag maps the address so."""
    for index in range(found.objects):
        header = found.object[index].header
        if header is not None and header.kind == Kind.SPACE:
            space = space_of(header)
            if space.tag == tag and not space.forgotten:
                table = find_leaf_table(space.root, address)
                return table != 0 and load(entry_address(table, address, LEVELS - 1)) == entry
    return False
