"""The authority over the device: its interrupt lines, its registers, its power, and what the kernel counts."""

from __future__ import annotations

from typing import Final

from abi import rights
from abi.kernel import Error, Kind
from kernel import casts, tree
from kernel.answers import AGAIN, DONE, refused
from kernel.arch.chosen import PAGE_BITS, PORTS, restart_machine, stop
from kernel.chips.chosen import clock_now, clock_rate, configure, console_write, is_device, lines
from kernel.current import cpu_at, kernel
from kernel.handles import INDEX_MASK, empty_slot, fill_key, find, find_table, grow, need
from kernel.limits import LINES
from kernel.objects.interrupt import interrupt_at_node
from kernel.objects.memory import begin, may_pay, new_block
from kernel.ranges import is_ram
from kernel.structures import Cpu, Header, Node, Thread
from kernel.teardown import delete_step
from metal import U8, U32, U64, Ptr, u64

LONGEST_PRINT: Final = 56


def print_bytes(thread: Ptr[Thread]) -> u64:
    """PRINT: eight bytes a word, the lowest first."""
    words = thread.frame.words
    count = words[0]
    if count > LONGEST_PRINT:
        return refused(Error.BAD_ARGUMENT)
    for index in range(count):
        word = words[1 + (index >> 3)]
        console_write(U8((word >> ((index & 7) << 3)) & 0xFF))
    return DONE


def make_interrupt(thread: Ptr[Thread]) -> u64:
    """MACHINE_INTERRUPT: the handle comes from the memory that pays, as that of every object."""
    words = thread.frame.words
    line = words[1]
    index = words[3]
    node = find(thread, words[0], need(Kind.MEMORY, rights.MEMORY_CREATE))
    if isinstance(node, Error):
        return refused(node)
    memory = may_pay(node)
    if isinstance(memory, Error):
        return refused(memory)
    if line >= U64(lines()) or line >= LINES or not is_device(U32(line)) or words[4] > 1:
        return refused(Error.BAD_ARGUMENT)
    if kernel.lines[line].interrupt is not None:
        return refused(Error.BOUND)
    table = find_table(thread, words[2])
    if isinstance(table, Error):
        return refused(table)
    if not grow(table, index):
        return AGAIN
    slot = empty_slot(table, index)
    if isinstance(slot, Error):
        return refused(slot)
    block = new_block(memory, casts.INTERRUPT_BYTES)
    if block == 0:
        return refused(Error.NO_MEMORY)
    made = casts.interrupt_at(block)
    made.line = U32(line)
    configure(U32(line), words[4] == 1, 0)
    kernel.lines[line].interrupt = made
    header = begin(made.header, Kind.INTERRUPT, memory, block, casts.INTERRUPT_BYTES)
    return give(thread, slot, header, node, index)


def give(thread: Ptr[Thread], slot: Ptr[Node], header: Ptr[Header], node: Ptr[Node], index: u64) -> u64:
    """Name a new object."""
    tree.fill(slot, header, rights.ALL, 0, node)
    thread.frame.words[0] = fill_key(slot, index & INDEX_MASK)
    return DONE


def is_device_memory(physical: u64, bytes: u64) -> bool:
    """Whole pages, never of memory that the kernel gives out."""
    mask = (U64(1) << PAGE_BITS) - 1
    if (physical | bytes) & mask != 0 or bytes == 0 or bytes >= U64(1) << 40 or physical >= U64(1) << 48:
        return False
    return not is_ram(physical, bytes)


def are_ports(first: u64, count: u64) -> bool:
    """Some of those that the family has."""
    return count > 0 and first < PORTS and count <= PORTS - first


def make_device_memory(thread: Ptr[Thread]) -> u64:
    """MACHINE_DEVICE: registers to be mapped, or ports to be read and written."""
    words = thread.frame.words
    physical = words[1]
    index = words[3]
    bytes = words[4]
    ports = words[5]
    node = find(thread, words[0], need(Kind.MEMORY, rights.MEMORY_CREATE))
    if isinstance(node, Error):
        return refused(node)
    memory = may_pay(node)
    if isinstance(memory, Error):
        return refused(memory)
    if ports > 1:
        return refused(Error.BAD_ARGUMENT)
    if not (are_ports(physical, bytes) if ports == 1 else is_device_memory(physical, bytes)):
        return refused(Error.BAD_ADDRESS)
    table = find_table(thread, words[2])
    if isinstance(table, Error):
        return refused(table)
    if not grow(table, index):
        return AGAIN
    slot = empty_slot(table, index)
    if isinstance(slot, Error):
        return refused(slot)
    block = new_block(memory, casts.MEMORY_BYTES)
    if block == 0:
        return refused(Error.NO_MEMORY)
    made = casts.memory_at(block)
    made.base = physical
    made.size = bytes
    made.cleared = bytes
    made.device = True
    made.ports = ports == 1
    header = begin(made.header, Kind.MEMORY, memory, block, casts.MEMORY_BYTES)
    return give(thread, slot, header, node, index)


def physical_address(thread: Ptr[Thread]) -> u64:
    """MACHINE_PHYSICAL."""
    words = thread.frame.words
    node = find(thread, words[0], need(Kind.MEMORY, rights.MEMORY_READ))
    if isinstance(node, Error):
        return refused(node)
    header = node.object
    if header is not None:
        words[0] = casts.memory_of(header).base
    return DONE


def power_off(thread: Ptr[Thread]) -> u64:
    """MACHINE_STOP."""
    stop(thread.frame.words[0])


def restart(thread: Ptr[Thread]) -> u64:
    """MACHINE_RESTART."""
    restart_machine()


def read(thread: Ptr[Thread]) -> u64:
    """MACHINE_READ."""
    words = thread.frame.words
    index = words[0]
    if index >= U64(kernel.cpus):
        return refused(Error.BAD_ARGUMENT)
    cpu = cpu_at(U32(index))
    words[0] = cpu.longest
    words[1] = cpu.longest_operation
    words[2] = cpu.idle
    words[3] = cpu.choices
    words[4] = cpu.interrupts
    words[5] = U64(kernel.cpus)
    return DONE


def read_clock(thread: Ptr[Thread]) -> u64:
    """CLOCK."""
    words = thread.frame.words
    words[0] = clock_now()
    words[1] = clock_rate()
    return DONE


def unbind_interrupt(cpu: Ptr[Cpu], node: Ptr[Node]) -> u64:
    """INTERRUPT_UNBIND."""
    interrupt = interrupt_at_node(node)
    if isinstance(interrupt, Error):
        return refused(interrupt)
    if interrupt.target.object is None:
        return refused(Error.NOT_BOUND)
    while not delete_step(cpu, interrupt.target):
        pass
    return DONE
