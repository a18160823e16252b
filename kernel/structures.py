"""The kernel's data: each object as it lies in the memory that paid for it."""

from __future__ import annotations

from enum import IntEnum

from abi.kernel import Error, Fault, Kind, ThreadState
from kernel.arch.chosen import CpuRecord, Frame
from kernel.limits import LINES, PRIORITIES, REFILLS, STACK_WORDS, TAG_WORDS
from metal import Array, Atomic, Ptr, align, array, struct, u8, u32, u64


class Place(IntEnum):
    """Where a node stands: in a slot of a table, or in an object that it binds to another."""

    SLOT = 0
    SPACE = 1
    TABLE = 2
    CONTEXT = 3
    HANDLER = 4
    EXHAUSTION = 5
    NOTIFICATION = 6
    MESSAGE_PAGE = 7
    INTERRUPT = 8
    MAPPING = 9


@struct
class Header:
    """What every object begins with (a Thread: behind its frame)."""

    kind: Kind = Kind.MEMORY
    dying: bool = False
    references: u32 = 0  # nodes that name it; at 0 it is torn down
    block: u64 = 0  # where its block begins
    bytes: u64 = 0  # of the block
    payer: Ptr[Memory] | None = None  # None: made at boot, never torn down
    next_dying: Ptr[Header] | None = None


@struct
class Node:
    """One handle or binding, with its place in the tree of derivation."""

    key: u64 = 0  # the handle's value while the slot is full, else 0
    powers: u64 = 0  # the kind's bit above the rights; 0 when empty or dying
    badge: u64 = 0
    object: Ptr[Header] | None = None
    parent: Ptr[Node] | None = None
    child: Ptr[Node] | None = None  # the first
    next: Ptr[Node] | None = None  # siblings
    previous: Ptr[Node] | None = None
    waiters: Ptr[Thread] | None = None  # threads that wait in a queue they reached through this node
    holder: Ptr[Header] | None = None  # the object it stands in; None in a Mapping
    place: Place = Place.SLOT
    dying: bool = False  # good for nothing any more but to be removed
    revoking: bool = False  # nothing may be derived here or below
    generation: u32 = 0  # how often the slot was emptied


@struct
class Cell:
    """A place in a CPU's heap of timers."""

    parent: Ptr[Cell] | None = None
    left: Ptr[Cell] | None = None
    right: Ptr[Cell] | None = None
    timer: Ptr[Timer] | None = None


@struct
class Timer:
    """Something that happens at a time: a wait ends, or a context has budget again."""

    time: u64 = 0
    queued: bool = False
    cpu: u32 = 0
    cell: Ptr[Cell] | None = None  # where it is in the heap
    own: Cell = Cell()  # the cell it brought, which another timer may use
    thread: Ptr[Thread] | None = None
    context: Ptr[Context] | None = None


@struct
class Timers:
    """A CPU's timers: a complete binary heap made of the timers' own cells."""

    root: Ptr[Cell] | None = None
    count: u64 = 0
    first: u64 = 0  # when the earliest is due, if there is any


@struct
class Queue:
    """Waiting threads: a list of the priorities present, highest first, each the leader of a ring."""

    first: Ptr[Thread] | None = None


@struct
class Thread:
    """A thread: where it is, its part in calls, its time, its registers, and its bindings.

    What every call touches comes first, side by side where it is written together, so that it fills few cache lines.
    """

    state: ThreadState = ThreadState.STOPPED
    fault: Fault = Fault.NONE  # a fault that waits to be answered
    queued: bool = False  # in a run queue
    long: bool = False  # its message goes on in its message page
    leader: bool = False  # of a ring in an endpoint's queue
    priority: u8 = 0
    cpu: u32 = 0  # where it runs or is queued
    table: Ptr[Table] | None = None
    context: Ptr[Context] | None = None  # the time it uses
    home: Ptr[Context] | None = None  # the context that is bound to it
    # As a server: the reply register.
    caller: Ptr[Thread] | None = None  # None with a number: the right is stale
    caller_number: u64 = 0
    straight: Ptr[Node] | None = None  # through what the straight road brought the caller; else None
    # As a caller: the record of its call, and where the reply right is.
    number: u64 = 0
    kept: Ptr[Node] | None = None
    server: Ptr[Thread] | None = None
    lent: Ptr[Context] | None = None  # what it lent on and still wants
    lender_above: Ptr[Thread] | None = None
    lender_below: Ptr[Thread] | None = None
    # A wait.
    endpoint: Ptr[Endpoint] | None = None
    via: Ptr[Node] | None = None  # the node it waits through
    via_next: Ptr[Thread] | None = None
    via_previous: Ptr[Thread] | None = None
    next: Ptr[Thread] | None = None  # the ring or run queue it is in
    previous: Ptr[Thread] | None = None
    higher: Ptr[Thread] | None = None  # leaders of an endpoint's queue
    lower: Ptr[Thread] | None = None
    used: u64 = 0
    notification: Ptr[Notification] | None = None
    frame: Frame = Frame()
    header: Header = Header()
    ceiling: u8 = 0
    timer: Timer = Timer()
    fault_address: u64 = 0
    fault_status: u64 = 0
    # Bindings, and what they name.
    space: Ptr[Space] | None = None
    message_page: u64 = 0  # where the kernel reaches it, 0: none
    space_node: Node = Node()
    table_node: Node = Node()
    context_node: Node = Node()
    handler_node: Node = Node()
    exhaustion_node: Node = Node()
    notification_node: Node = Node()
    page_node: Node = Node()


@struct
class Endpoint:
    """Where callers and servers meet."""

    header: Header = Header()
    calls_only: bool = False
    needs: u64 = 0  # ticks a request takes
    senders: Queue = Queue()
    receivers: Queue = Queue()
    ready: Ptr[Thread] | None = None  # the one receiver, when the straight road of a call may take it


@struct
class Notification:
    """A word of bits."""

    header: Header = Header()
    word: u64 = 0
    thread: Ptr[Thread] | None = None


@struct
class Context:
    """Processor time: a budget in pieces, each with the time from which it may be used."""

    header: Header = Header()
    budget: u64 = 0
    period: u64 = 0
    cpu: u32 = 0
    limit: u8 = REFILLS  # pieces it may have
    first: u8 = 0  # the ring's head
    count: u8 = 0
    times: Array[u64] = array(REFILLS)
    amounts: Array[u64] = array(REFILLS)
    home: Ptr[Thread] | None = None
    user: Ptr[Thread] | None = None
    lenders: Ptr[Thread] | None = None  # innermost first
    used: u64 = 0
    release: Timer = Timer()


@struct
class Interrupt:
    """An interrupt line and the notification it signals."""

    header: Header = Header()
    line: u32 = 0
    target: Node = Node()  # its badge is the bits


@struct
class Table:
    """A table of handles. Slots are cleared a few at a time, when they are first wanted."""

    header: Header = Header()
    slots: u64 = 0
    ready: u64 = 0  # slots that are cleared: the others hold nothing
    base: u64 = 0
    emptied: u64 = 0  # by the teardown


@struct
class Mapping:
    """A stretch of memory in a space. The memory that paid the space pays the record."""

    node: Node = Node()
    space: Ptr[Space] | None = None
    next: Ptr[Mapping] | None = None
    previous: Ptr[Mapping] | None = None
    address: u64 = 0
    physical: u64 = 0
    pages: u64 = 0
    filled: u64 = 0  # pages that are mapped
    access: u64 = 0
    removing: bool = False
    problem: Error = Error.MAPPED  # why it is taken back before it was whole


@struct
class Stretch:
    """What MAP is asked for: a piece of a memory, and where it is to be seen."""

    offset: u64 = 0
    address: u64 = 0
    bytes: u64 = 0
    access: u64 = 0  # READ, WRITE, EXECUTE, and DEVICE for registers


@struct
class Space:
    """An address space."""

    header: Header = Header()
    root: u64 = 0  # physical address of the root table
    tag: u64 = 0
    register: u64 = 0
    mappings: Ptr[Mapping] | None = None
    spare: Ptr[Mapping] | None = None  # the record of an earlier mapping, for the next one
    cursor: u64 = 0  # of the teardown: tables below this address are gone
    forgotten: bool = False  # by the teardown: no CPU knows a translation


@struct
class FreeBlock:
    """A free block: links at its beginning."""

    next: Ptr[FreeBlock] | None = None
    previous: Ptr[FreeBlock] | None = None
    order: u64 = 0


@struct
class FreeList:
    """The free blocks of one size."""

    first: Ptr[FreeBlock] | None = None


@struct
class Memory:
    """Memory: it either pays for objects or is mapped."""

    header: Header = Header()
    base: u64 = 0  # physical
    size: u64 = 0
    used: u64 = 0
    pins: u64 = 0  # mappings and message pages
    cleared: u64 = 0  # bytes from the base that may be shown
    device: bool = False
    ports: bool = False  # of a device: base and size count ports
    pool: bool = False  # the free lists are set up
    sizes: u64 = 0  # bit k: a block of 2**k bytes is free
    free: Array[FreeList] = array(64)
    dying: Ptr[Header] | None = None  # objects it paid that are torn down, oldest first
    dying_last: Ptr[Header] | None = None


@struct
class Machine:
    """The authority over the device itself."""

    header: Header = Header()


@struct
class Level:
    """The ready threads of one priority."""

    first: Ptr[Thread] | None = None
    last: Ptr[Thread] | None = None


@struct
class Cpu:
    """What the kernel keeps for one CPU. The family's record is first, so that its assembly finds both."""

    record: CpuRecord = CpuRecord()
    index: u32 = 0
    online: bool = False
    calling: bool = False  # it came in with a call
    thread: Ptr[Thread] | None = None  # who runs; another CPU may take it away while this one wants the lock
    caller: Ptr[Thread] | None = None  # whose call is being done, as long as it exists
    context: Ptr[Context] | None = None  # whose time runs
    next: Ptr[Thread] | None = None  # made ready in this stay of the kernel, and in no queue yet
    look: bool = False  # who runs, or when the timer fires, may have to change
    holds: bool = False  # it has the kernel's lock
    since: u64 = 0  # from when it is to be charged
    settled: bool = False  # what runs was charged in this stay: from `since` on it is the next one's time
    alarm: u64 = 0  # when the timer is set to fire
    top: u32 = 0  # highest ready priority + 1, 0: none
    inside: Atomic[u32] = Atomic(0)  # its registers are saved and it wants or has the lock
    request: Atomic[u32] = Atomic(0)  # something to forget: an Invalidation
    request_tag: u64 = 0
    request_address: u64 = 0
    request_pages: u64 = 0
    entered: u64 = 0  # when this stay began, and what for
    operation: u64 = 0
    longest: u64 = 0
    longest_operation: u64 = 0
    idle: u64 = 0
    choices: u64 = 0
    interrupts: u64 = 0
    timers: Timers = Timers()
    present: Array[u64] = array(4)  # bit p % 64 of word p // 64: priority p has ready threads
    levels: Array[Level] = array(PRIORITIES)


@align(64)
@struct
class CpuArea:
    """A CPU's stack, and above it what the kernel keeps for it."""

    stack: Array[u64] = array(STACK_WORDS)
    cpu: Cpu = Cpu()


@struct
class Line:
    """Who owns an interrupt line."""

    interrupt: Ptr[Interrupt] | None = None


@struct
class Lock:
    """The kernel's one lock: numbered turns, so that nobody is passed over."""

    next: Atomic[u64] = Atomic(0)
    serving: Atomic[u64] = Atomic(0)


@struct
class Kernel:
    """What exists once."""

    lock: Lock = Lock()
    calls: u64 = 0  # the last number given to a call
    cpus: u32 = 1  # that run
    tags_hint: u64 = 0
    tags: Array[u64] = array(TAG_WORDS)
    lines: Array[Line] = array(LINES)
    machine: Machine = Machine()
