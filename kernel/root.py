"""The first program: its objects, paid by the largest piece of free memory, and every handle there is."""

from __future__ import annotations

from typing import Final

from abi import boot, bundle, rights
from abi.kernel import READ, WRITE, Binding, Error, Kind
from kernel import ranges, refills
from kernel.arch.chosen import PAGE_BITS, frame_start, image_end, image_start
from kernel.casts import (
    bundle_at,
    clear,
    context_of,
    copy,
    information_at,
    memory_of,
    program_at,
    slot_of,
    table_of,
    thread_of,
    to_virtual,
)
from kernel.chips.chosen import clock_now, clock_rate, lines
from kernel.current import kernel
from kernel.handles import fill_key, grow
from kernel.limits import PRIORITIES
from kernel.memory.spaces import fill_step
from kernel.objects import memory as memories
from kernel.objects import space as spaces
from kernel.objects.thread import node_of, place_of, set_going, take_effect
from kernel.structures import Header, Memory, Node, Space, Stretch, Table, Thread
from kernel.tree import fill
from metal import U32, U64, Array, Ptr, array, panic, struct, u64

PAGE: Final = 1 << PAGE_BITS
PERIODS_A_SECOND: Final = 100


@struct
class BootMemories:
    """Memories that no memory paid: free pieces, the bundle, the device tree."""

    free: Array[Memory] = array(boot.MEMORY_REGIONS)
    bundle: Memory = Memory()
    tree: Memory = Memory()
    information: u64 = 0


@struct
class Root:
    """What the making of root works with."""

    thread: Ptr[Thread]
    space: Ptr[Space]
    table: Ptr[Table]
    payer: Ptr[Memory]
    paying: Ptr[Node]  # the handle of the payer
    bundle_node: Ptr[Node]


first_memories: BootMemories = BootMemories()


def must(made: Ptr[Header] | Error) -> Ptr[Header]:
    """What has to succeed while root is made: the smallest machine has room for it."""
    if isinstance(made, Error):
        panic("no memory for root")
    return made


def largest_piece() -> u64:
    """Which piece of free memory pays for root."""
    best: u64 = 0
    for index in range(ranges.free.count):
        piece = ranges.free.list[index]
        other = ranges.free.list[best]
        if piece.end - piece.start > other.end - other.start:
            best = index
    return best


def begin_memory(memory: Ptr[Memory], start: u64, end: u64) -> Ptr[Memory]:
    """A memory that exists from the start."""
    memory.header.kind = Kind.MEMORY
    memory.base = start
    memory.size = end - start
    return memory


def give_root(table: Ptr[Table], index: u64, header: Ptr[Header], granted: u64, parent: Ptr[Node] | None) -> Ptr[Node]:
    """Put a handle into root's table."""
    while not grow(table, index):
        pass  # what interrupts the start has to wait for its end
    node = slot_of(table, index)
    fill(node, header, granted, 0, parent)
    fill_key(node, index)
    return node


def make_root(bundle_address: u64, bundle_bytes: u64, tree_address: u64, tree_bytes: u64) -> None:
    """Root, ready to run, with every handle there is."""
    index = largest_piece()
    thread = make_objects(index)
    space = thread.space
    table = thread.table
    if space is None or table is None:
        panic("root has no space or no table")
    begin_shown(first_memories.bundle, bundle_address, bundle_bytes)
    bundle_node = give_root(table, boot.BUNDLE, first_memories.bundle.header, rights.ALL, None)
    if tree_bytes > 0:
        begin_shown(first_memories.tree, tree_address & ~U64(PAGE - 1), tree_bytes + (tree_address & (PAGE - 1)))
        give_root(table, boot.DEVICE_TREE, first_memories.tree.header, rights.MEMORY_READ, None)
    paying = slot_of(table, boot.MEMORY + index)
    load_root(Root(thread, space, table, first_memories.free[index], paying, bundle_node), tree_bytes)


def make_objects(index: u64) -> Ptr[Thread]:
    """Root's table, space, context and thread, and the handles of what was not made: memory and the machine.

    The piece of free memory at the index pays.
    """
    for other in range(ranges.free.count):
        piece = ranges.free.list[other]
        begin_memory(first_memories.free[other], piece.start, piece.end)
    payer = first_memories.free[index]
    table = table_of(must(memories.make_table(payer, boot.ROOT_SLOTS)))
    paying = give_root(table, boot.MEMORY + index, payer.header, rights.ALL, None)
    for other in range(ranges.free.count):
        if other != index:
            give_root(table, boot.MEMORY + other, first_memories.free[other].header, rights.ALL, None)
    space_header = must(memories.make_space(payer))
    thread_header = must(memories.make_thread(payer))
    context_header = must(memories.make_context(payer, 0))
    kernel.machine.header.kind = Kind.MACHINE
    give_root(table, boot.MACHINE, kernel.machine.header, rights.ALL, None)
    table_node = give_root(table, boot.OWN_TABLE, table.header, rights.ALL, paying)
    space_node = give_root(table, boot.OWN_SPACE, space_header, rights.ALL, paying)
    give_root(table, boot.OWN_THREAD, thread_header, rights.ALL, paying)
    context_node = give_root(table, boot.OWN_CONTEXT, context_header, rights.ALL, paying)
    thread = thread_of(thread_header)
    hand(thread, U64(Binding.SPACE), space_header, space_node)
    hand(thread, U64(Binding.TABLE), table.header, table_node)
    set_root_time(thread, context_header, context_node)
    return thread


def begin_shown(memory: Ptr[Memory], start: u64, bytes: u64) -> None:
    """A memory whose content is to be seen."""
    begin_memory(memory, start, start + ((bytes + PAGE - 1) & ~U64(PAGE - 1)))
    memory.cleared = memory.size


def hand(thread: Ptr[Thread], binding: u64, header: Ptr[Header], given: Ptr[Node]) -> None:
    """Bind an object to root's thread."""
    node = node_of(thread, binding)
    if isinstance(node, Error):
        panic("no such binding")
    node.place = place_of(binding)
    node.holder = thread.header
    fill(node, header, rights.ALL, 0, given)
    take_effect(thread, binding, header, 0)


def set_root_time(thread: Ptr[Thread], header: Ptr[Header], given: Ptr[Node]) -> None:
    """Root may use all of the first CPU's time until it gives it away."""
    context = context_of(header)
    period = clock_rate() // PERIODS_A_SECOND
    refills.configure(context, period, period, clock_now())
    thread.priority = PRIORITIES - 1
    thread.ceiling = PRIORITIES - 1
    hand(thread, U64(Binding.CONTEXT), header, given)


def map_root(root: Ptr[Root], memory: Ptr[Memory], given: Ptr[Node], wanted: Ptr[Stretch]) -> None:
    """Map a piece of a memory into root's space."""
    space = root.space
    payer = root.payer
    mapping = spaces.begin(space, payer, given, memory, wanted)
    if mapping is None:
        panic("no memory for root's mappings")
    while mapping.filled < mapping.pages:
        if isinstance(fill_step(mapping), Error):
            panic("root's segments overlap, or there is no memory for its page tables")


def new_pages(payer: Ptr[Memory], bytes: u64) -> Ptr[Memory]:
    """Cleared pages of a memory of their own."""
    memory = memory_of(must(memories.make_memory(payer, bytes)))
    clear(to_virtual(memory.base), bytes)
    memory.cleared = bytes
    return memory


def map_new(root: Ptr[Root], address: u64, bytes: u64, access: u64) -> Ptr[Memory]:
    """Map new pages into root's space."""
    memory = new_pages(root.payer, bytes)
    map_root(root, memory, root.paying, Stretch(0, address, bytes, access))
    return memory


def load_root(root: Ptr[Root], tree_bytes: u64) -> None:
    """Root's segments, stack, message page and information, and its first registers."""
    start = to_virtual(first_memories.bundle.base)
    header = bundle_at(start)
    if header.magic != bundle.MAGIC or header.version != bundle.VERSION:
        panic("the image has no bundle that this kernel knows")
    program = program_at(start + header.program_offset)
    for index in range(program.segment_count):
        load_segment(root, start, program.segments[index])
    thread = root.thread
    page_bytes = U64(PAGE)
    map_new(root, boot.ROOT_STACK_TOP - boot.ROOT_STACK_BYTES, boot.ROOT_STACK_BYTES, READ | WRITE)
    messages = map_new(root, boot.ROOT_MESSAGE_PAGE, page_bytes, READ | WRITE)
    hand(thread, U64(Binding.MESSAGE_PAGE), messages.header, root.paying)
    information = map_new(root, boot.ROOT_INFORMATION, page_bytes, READ)
    first_memories.information = to_virtual(information.base)
    inform(first_memories.information, tree_bytes)
    give_root(root.table, boot.INFORMATION, information.header, rights.MEMORY_READ, root.paying)
    frame_start(thread.frame, program.entry, boot.ROOT_STACK_TOP, boot.ROOT_INFORMATION)
    thread.frame.space = root.space.register
    set_going(thread)


def load_segment(root: Ptr[Root], start: u64, segment: Ptr[bundle.SegmentRecord]) -> None:
    """A segment that is only read lies in the bundle; one that changes, or has more than the bundle, gets new pages."""
    bytes = (segment.memory_bytes + PAGE - 1) & ~U64(PAGE - 1)
    access = U64(segment.access)
    if access & WRITE == 0 and segment.memory_bytes <= segment.file_bytes:
        wanted = Stretch(segment.offset, segment.address, bytes, access)
        map_root(root, first_memories.bundle, root.bundle_node, wanted)
        return
    memory = new_pages(root.payer, bytes)
    copy(to_virtual(memory.base), start + segment.offset, segment.file_bytes)
    map_root(root, memory, root.paying, Stretch(0, segment.address, bytes, access))


def root_information() -> Ptr[boot.BootInformation]:
    """The page that root is told about the machine with."""
    return information_at(first_memories.information)


def inform(address: u64, tree_bytes: u64) -> None:
    """Write what root is told."""
    page = information_at(address)
    page.magic = boot.MAGIC
    page.version = boot.VERSION
    page.cpu_count = kernel.cpus
    page.page_bytes = PAGE
    page.ticks_per_second = clock_rate()
    page.bundle_bytes = first_memories.bundle.size
    page.device_tree_bytes = tree_bytes
    page.kernel_start = image_start()
    page.kernel_end = image_end()
    page.line_count = lines()
    page.region_count = U32(ranges.free.count)
    for index in range(ranges.free.count):
        piece = ranges.free.list[index]
        page.regions[index].base = piece.start
        page.regions[index].bytes = piece.end - piece.start
