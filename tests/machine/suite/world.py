"""What a check builds its threads and spaces from: everything a check makes is paid by one memory, and ends with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from abi.boot import BUNDLE, MACHINE, MEMORY, OWN_SPACE, OWN_TABLE, BootInformation
from abi.bundle import BundleHeader, ProgramRecord
from abi.kernel import EXECUTE, NEVER, READ, WRITE, Binding, Call, Error, Kind, ThreadState
from metal import U64, Array, Atomic, Ptr, Words, addr_of, array, kernel_call, panic, ptr_at, raw, struct, u64
from system.runtime import calls
from tests.machine.probes.chosen import PAGE

UNSAFE: Final = True

PAYER_SLOT: Final = 20
FIRST_SLOT: Final = 64
PAUSES: Final = 12
"""How often a pause is made again; the last is four thousand times as long as the first."""
PAYER_BYTES: Final = 0x40_0000
STACK_BYTES: Final = 0x4000
FIRST_ADDRESS: Final = 0x1_0000_0000
BUNDLE_ADDRESS: Final = 0x2_0000_0000
SHARED_ADDRESS: Final = 0x3_0000_0000
STACKS_ADDRESS: Final = 0x4_0000_0000
PAGES_ADDRESS: Final = 0x5_0000_0000


@struct
class Counter:
    """A number that a thread counts up."""

    value: Atomic[u64] = Atomic(0)


@struct
class Shared:
    """A page that the suite and the threads it starts both see."""

    stage: Atomic[u64] = Atomic(0)
    count: Counter = Counter()
    other: Counter = Counter()
    stop: Atomic[u64] = Atomic(0)
    handle: u64 = 0
    second: u64 = 0
    third: u64 = 0
    status: u64 = 0
    number: u64 = 0
    words: Array[u64] = array(8)
    results: Array[u64] = array(16)


@struct
class World:
    """What is used up while a check runs."""

    payer: u64 = 0
    slot: u64 = FIRST_SLOT
    address: u64 = FIRST_ADDRESS
    shared: u64 = 0
    millisecond: u64 = 0
    cpus: u64 = 1
    pieces: u64 = 0
    # The kept right to answer a fault, if there is one.
    reply: u64 = 0
    # The handle of the largest piece of memory that root was given.
    source: u64 = MEMORY


world: World = World()


def shared() -> Ptr[Shared]:
    """The shared page, at the same address in every space."""
    return ptr_at(Shared, SHARED_ADDRESS)


def must(result: u64 | Error) -> u64:
    """A handle or a number that a check cannot do without."""
    if isinstance(result, Error):
        panic(f"the suite was refused what it needs: error {int_of(result)}")
    return result


def need(result: Error | None) -> None:
    """Something that a check cannot do without."""
    if isinstance(result, Error):
        panic(f"the suite was refused what it needs: error {int_of(result)}")


def int_of(error: Error) -> u64:
    """The number of an error."""
    return U64(error)


def free_slot() -> u64:
    """A slot of our table that is empty."""
    world.slot += 1
    return world.slot - 1


def make(kind: Kind, size: u64) -> u64:
    """A new object, paid by the check."""
    return must(calls.create(world.payer, kind, size, 0, free_slot()))


def make_endpoint(options: u64, needs: u64) -> u64:
    """A new endpoint; options as in abi.kernel, needs in ticks."""
    words = Words()
    words.w[0] = Kind.ENDPOINT
    words.w[1] = options
    words.w[3] = free_slot()
    words.w[4] = needs
    status, _ = kernel_call(Call.CREATE, world.payer, 0, words)
    return must(calls.one_word(status, words))


def restrict(handle: u64, rights: u64, badge: u64) -> u64:
    """A handle to the same object with fewer rights."""
    return must(calls.derive(handle, 0, free_slot(), rights, badge))


def give(handle: u64, table: u64, slot: u64, rights: u64, badge: u64) -> u64:
    """A handle in somebody's table."""
    return must(calls.derive(handle, table, slot, rights, badge))


def map_new(space: u64, address: u64, size: u64, access: u64) -> u64:
    """New memory at an address of a space; its handle."""
    memory = make(Kind.MEMORY, size)
    need(calls.map_memory(space, memory, 0, address, size, access))
    return memory


def take_addresses(size: u64) -> u64:
    """Addresses of our own space where nothing is mapped, with a gap behind them."""
    world.address += size + PAGE
    return world.address - size - PAGE


def choose_source(information: Ptr[BootInformation]) -> None:
    """Everything is paid by the largest piece of memory."""
    largest: u64 = 0
    for index in range(U64(information.region_count)):
        if information.regions[index].bytes > largest:
            largest = information.regions[index].bytes
            world.source = MEMORY + index


def begin_world() -> None:
    """A check starts with memory of its own and the shared page."""
    world.slot = FIRST_SLOT
    world.address = FIRST_ADDRESS
    world.pieces = 0
    world.payer = must(calls.create(world.source, Kind.MEMORY, PAYER_BYTES, 0, PAYER_SLOT))
    world.shared = map_new(OWN_SPACE, SHARED_ADDRESS, PAGE, READ | WRITE)


def end_world() -> bool:
    """Everything of the check goes; True when the kernel gave all of it back."""
    drop_reply()
    done = calls.revoke(world.payer)
    words = Words()
    read = calls.memory_read(world.payer, words)
    left = words.w[1]
    gone = calls.delete(world.payer)
    return done is None and read is None and gone is None and left == 0


def milliseconds(count: u64) -> u64:
    """So many milliseconds in ticks."""
    return world.millisecond * count


def now() -> u64:
    """The clock."""
    words = Words()
    calls.clock(words)
    return words.w[0]


def pause(count: u64) -> None:
    """Lets the others run for so many milliseconds.

    An emulator on a busy machine stands still now and then: a pause that was over late by as much as it should have
    lasted may have given the others nothing, and is made again, longer.
    """
    length = milliseconds(count)
    for _ in range(PAUSES):
        end = now() + length
        slept = calls.wait_until(end)
        if not isinstance(slept, Error):
            panic("somebody woke the suite")
        if now() < end + length:
            return
        length *= 2


def settle(thread: u64) -> None:
    """Lets the others run until this thread waits for something, which it does soon."""
    words = Words()
    for _ in range(1000):
        need(calls.thread_read(thread, words))
        if words.w[0] != ThreadState.READY:
            return
        pause(1)


def wait_for_stage(stage: u64) -> bool:
    """Lets the others run, a thousand times for a millisecond, until one of them has come this far."""
    for _ in range(1000):
        if shared().stage.load() >= stage:
            return True
        pause(1)
    return False


def wait_for_more(counter: Ptr[Counter], than: u64) -> bool:
    """Lets the others run until one of them has counted further than this, or a while is over."""
    for _ in range(200):
        if counter.value.load() > than:
            return True
        pause(5)
    return False


def stop_here() -> None:
    """How a thread of the suite ends: it waits for nothing."""
    words = Words()
    while True:
        kernel_call(Call.WAIT_UNTIL, 0, NEVER, words)


def make_context(budget: u64, period: u64, cpu: u64) -> u64:
    """Processor time, in milliseconds."""
    context = make(Kind.CONTEXT, 8)
    need(calls.context_set(context, MACHINE, milliseconds(budget), milliseconds(period), cpu))
    return context


@struct
class Maker:
    """What a new thread is to get; what is 0 it gets as a matter of course."""

    space: u64 = 0
    table: u64 = 0
    priority: u64 = 100
    context: u64 = 0
    handler: u64 = 0
    badge: u64 = 0
    cpu: u64 = 0
    argument: u64 = 0
    page: bool = False
    notification: u64 = 0
    # Filled: what was made.
    thread: u64 = 0
    stack: u64 = 0


def make_thread(maker: Ptr[Maker]) -> u64:
    """A thread that has not started, in our space and with our table unless the maker says otherwise."""
    space = OWN_SPACE if maker.space == 0 else maker.space
    thread = make(Kind.THREAD, 0)
    maker.thread = thread
    need(calls.thread_bind(thread, Binding.SPACE, space, 0))
    need(calls.thread_bind(thread, Binding.TABLE, OWN_TABLE if maker.table == 0 else maker.table, 0))
    if maker.context == 0:
        maker.context = make_context(100, 100, maker.cpu)
    need(calls.thread_bind(thread, Binding.CONTEXT, maker.context, 0))
    if maker.handler != 0:
        need(calls.thread_bind(thread, Binding.HANDLER, maker.handler, maker.badge))
    if maker.notification != 0:
        need(calls.thread_bind(thread, Binding.NOTIFICATION, maker.notification, 0))
    need(calls.thread_set(thread, maker.priority, maker.priority))
    stack = STACKS_ADDRESS + world.pieces * 0x10_0000
    page = PAGES_ADDRESS + world.pieces * 0x10_0000
    world.pieces += 1
    map_new(space, stack, STACK_BYTES, READ | WRITE)
    maker.stack = stack + STACK_BYTES
    if maker.page:
        memory = map_new(space, page, PAGE, READ | WRITE)
        need(calls.thread_bind(thread, Binding.MESSAGE_PAGE, memory, 0))
        maker.argument = page
    return thread


def start(maker: Ptr[Maker], entry: Callable[[u64], None]) -> u64:
    """Makes a thread and starts it."""
    thread = make_thread(maker)
    need(calls.thread_start(thread, addr_of(entry), maker.stack, maker.argument))
    return thread


def spawn(entry: Callable[[u64], None], argument: u64, priority: u64) -> u64:
    """A thread in our own space."""
    maker = Maker()
    maker.priority = priority
    maker.argument = argument
    return start(maker, entry)


def copy_words(target: u64, source: u64, size: u64) -> None:
    """Copies memory that is mapped here."""
    to = raw(u64, target)
    of = raw(u64, source)
    for index in range(size // 8):
        to[index] = of[index]


def own_program() -> Ptr[ProgramRecord]:
    """Our own record in the bundle."""
    header = ptr_at(BundleHeader, BUNDLE_ADDRESS)
    return ptr_at(ProgramRecord, BUNDLE_ADDRESS + header.program_offset)


def make_space() -> u64:
    """Another space with our own program in it: the same text, data as it is now, and the shared page."""
    space = make(Kind.SPACE, 0)
    record = own_program()
    for index in range(record.segment_count):
        segment = record.segments[index]
        size = (segment.memory_bytes + PAGE - 1) // PAGE * PAGE
        if segment.access & WRITE == 0:
            access: u64 = READ | EXECUTE if segment.access & EXECUTE != 0 else READ
            need(calls.map_memory(space, BUNDLE, segment.offset, segment.address, size, access))
        else:
            here = take_addresses(size)
            memory = map_new(OWN_SPACE, here, size, READ | WRITE)
            copy_words(here, segment.address, size)
            need(calls.map_memory(space, memory, 0, segment.address, size, READ | WRITE))
    need(calls.map_memory(space, world.shared, 0, SHARED_ADDRESS, PAGE, READ | WRITE))
    return space


@struct
class FaultNote:
    """What a fault message said, and the right to answer it."""

    kind: u64 = 0
    address: u64 = 0
    pc: u64 = 0
    badge: u64 = 0
    reply: u64 = 0


def take_fault(endpoint: u64, note: Ptr[FaultNote]) -> bool:
    """Receives a fault message, or gives up after a while. The right to answer is kept until the next one is taken."""
    drop_reply()
    words = Words()
    status, number = kernel_call(Call.RECEIVE_UNTIL, endpoint, now() + milliseconds(1000), words)
    if status >> 63 != 0:
        return False
    note.kind = words.w[0]
    note.address = words.w[1]
    note.pc = words.w[2]
    note.badge = status
    note.reply = must(calls.keep(number, free_slot()))
    world.reply = note.reply
    return True


def drop_reply() -> None:
    """Who waits for the answer to a fault does not get one: it stays where it is."""
    if world.reply != 0:
        need(calls.delete(world.reply))
    world.reply = 0
