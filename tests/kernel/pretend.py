"""The test's side of the pretend machine, compiled with the kernel: how Python moves CPUs, time and devices."""

from __future__ import annotations

from typing import Final

from kernel import ranges
from kernel.arch.host.machine import REMEMBERED, machine
from kernel.casts import load, slot_of, store
from kernel.chips.host import setup_cpu as setup_chips
from kernel.console import metal_write as metal_write
from kernel.current import cpu_at, kernel
from kernel.limits import CPUS
from kernel.lock import enter as take_lock
from kernel.memory.invalidation import serve
from kernel.memory.tables import entry_address, find_leaf_table
from kernel.objects.thread import set_going
from kernel.root import make_objects
from kernel.structures import Memory, Thread
from kernel.trap import end_stay, kernel_call, kernel_fault, kernel_interrupt
from metal import U32, U64, Slice, addr_of, export, ptr_at, u64
from tests.kernel.invariants import check as check_everything

UNSAFE: Final = True
LEVELS: Final = 3
PAGE_BITS: Final = 12
ROOT_ENTRY: Final = 0x1000
ROOT_STACK: Final = 0x2000


@export
def pretend_relax() -> None:
    """A CPU waits for others: those that were poked come in, and wait for the lock as CPUs do."""
    here = machine.cpu
    for index in range(U64(CPUS)):
        if index != here:
            cpu = cpu_at(U32(index))
            machine.cpu = index
            cpu.inside.store(1)
            serve(cpu)
    machine.cpu = here


def begin(base: u64, bytes: u64) -> u64:
    """Start the machine with this memory; the first thread is root, whose address is the result."""
    ranges.add(ranges.ram, base, base + bytes)
    ranges.add(ranges.free, base, base + bytes)
    kernel.cpus = CPUS
    for index in range(U32(CPUS)):
        cpu = cpu_at(index)
        cpu.index = index
        cpu.online = True
        setup_chips(U64(index))
    thread = make_objects(0)
    thread.frame.pc = ROOT_ENTRY
    thread.frame.stack = ROOT_STACK
    space = thread.space
    if space is not None:
        thread.frame.space = space.register
    set_going(thread)
    for index in range(U32(CPUS)):
        machine.cpu = U64(index)
        take_lock(cpu_at(index))
        end_stay(cpu_at(index))
    machine.cpu = 0
    return addr_of(thread)


def current(index: u64) -> u64:
    """The thread that runs on a CPU; 0: nobody."""
    thread = cpu_at(U32(index)).thread
    return 0 if thread is None else addr_of(thread)


def call(index: u64, operation: u64, handle: u64, number: u64, words: Slice[u64]) -> None:
    """The thread that runs on a CPU makes a call."""
    cpu = cpu_at(U32(index))
    thread = cpu.thread
    machine.cpu = index
    if thread is not None:
        frame = thread.frame
        for word in range(U64(8)):
            frame.words[word] = words[word]
        frame.handle = handle
        frame.number = number
        frame.pc += 4
        kernel_call(cpu, operation)


def call_again(index: u64, operation: u64) -> None:
    """The thread that runs on a CPU executes its call instruction once more, with the registers it has."""
    cpu = cpu_at(U32(index))
    thread = cpu.thread
    machine.cpu = index
    if thread is not None:
        thread.frame.pc += 4
        kernel_call(cpu, operation)


def fault(index: u64, syndrome: u64, address: u64) -> None:
    """The thread that runs on a CPU faults."""
    machine.cpu = index
    kernel_fault(cpu_at(U32(index)), syndrome, address)


def interrupt(index: u64) -> None:
    """A CPU takes its interrupts."""
    machine.cpu = index
    kernel_interrupt(cpu_at(U32(index)))


def wants_interrupt(index: u64) -> bool:
    """Whether a CPU would take an interrupt now."""
    processor = machine.processors[index]
    lines = machine.pending & machine.heard != 0 and index == 0
    return processor.poked or machine.now >= processor.deadline or lines or cpu_at(U32(index)).inside.load() != 0


def object_at(thread: u64, slot: u64) -> u64:
    """Where the object lies that a slot of a thread's table names; 0: the slot is empty."""
    table = ptr_at(Thread, thread).table
    if table is None or slot >= table.ready:
        return 0
    header = slot_of(table, slot).object
    return 0 if header is None else header.block


def word_of(thread: u64, index: u64) -> u64:
    """A message word in a thread's registers."""
    return ptr_at(Thread, thread).frame.words[index]


def status_of(thread: u64) -> u64:
    """The status in a thread's registers."""
    return ptr_at(Thread, thread).frame.handle


def number_of(thread: u64) -> u64:
    """The number in a thread's registers."""
    return ptr_at(Thread, thread).frame.number


def state_of(thread: u64) -> u64:
    """A thread's ThreadState."""
    return U64(ptr_at(Thread, thread).state)


def pc_of(thread: u64) -> u64:
    """A thread's program counter."""
    return ptr_at(Thread, thread).frame.pc


def memory_base(memory: u64) -> u64:
    """Where a Memory's bytes begin."""
    return ptr_at(Memory, memory).base


def memory_used(memory: u64) -> u64:
    """How many bytes of a Memory are in use."""
    return ptr_at(Memory, memory).used


def poke(address: u64, value: u64) -> None:
    """A program writes a word of its memory."""
    store(address, value)


def touch(index: u64, address: u64) -> u64:
    """The thread on a CPU uses an address: the CPU remembers the translation, as hardware may. 0: a fault."""
    thread = cpu_at(U32(index)).thread
    if thread is None:
        return 0
    space = thread.space
    if space is None:
        return 0
    processor = machine.processors[index]
    for number in range(processor.used):
        known = processor.translations[number]
        if known.entry != 0 and known.tag == space.tag and known.page == address >> PAGE_BITS:
            return known.entry
    entry = translate(addr_of(thread), address)
    if entry != 0:
        place = processor.next
        processor.next = (place + 1) & (REMEMBERED - 1)
        if processor.used < REMEMBERED:
            processor.used += 1
        slot = processor.translations[place]
        slot.entry = entry
        slot.tag = space.tag
        slot.page = address >> PAGE_BITS
    return entry


def translate(thread: u64, address: u64) -> u64:
    """The page table entry that a thread's address leads to; 0: none."""
    space = ptr_at(Thread, thread).space
    if space is None:
        return 0
    table = find_leaf_table(space.root, address)
    if table == 0:
        return 0
    return load(entry_address(table, address, LEVELS - 1))


def check(root: u64) -> u64:
    """Everything that must hold holds; how many handles and bindings there are."""
    return check_everything(root)


def caller_of(thread: u64) -> u64:
    """The thread whose call the reply register holds; 0: none, or it left."""
    caller = ptr_at(Thread, thread).caller
    return 0 if caller is None else addr_of(caller)


def has_time(thread: u64) -> bool:
    """Whether a thread has a context."""
    return ptr_at(Thread, thread).context is not None


def fault_of(thread: u64) -> u64:
    """The fault a thread waits with."""
    return U64(ptr_at(Thread, thread).fault)
