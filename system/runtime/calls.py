"""One function a kernel call: what abi/calls.py says, with results as values."""

from __future__ import annotations

from typing import Final

from abi.kernel import FAILED, NEVER, Binding, Call, Error, Kind
from metal import Ptr, Words, kernel_call, u64

UNSAFE: Final = True

ERROR_MASK: Final = 0xFF


def outcome(status: u64) -> Error | None:
    """What a status says of a call that gives nothing else."""
    if status & FAILED != 0:
        return Error(int(status & ERROR_MASK))
    return None


def one_word(status: u64, words: Ptr[Words]) -> u64 | Error:
    """The first word of the answer, or why there is none."""
    if status & FAILED != 0:
        return Error(int(status & ERROR_MASK))
    return words.w[0]


def clock(words: Ptr[Words]) -> None:
    """Words 0 and 1 become the clock's ticks and how many there are in a second."""
    kernel_call(Call.CLOCK, 0, 0, words)


def yield_processor() -> None:
    """Lets others of the same priority run."""
    words = Words()
    kernel_call(Call.YIELD, 0, 0, words)


def signal(notification: u64, bits: u64) -> Error | None:
    """Sets bits of a notification."""
    words = Words()
    words.w[0] = bits
    status, _ = kernel_call(Call.SIGNAL, notification, 0, words)
    return outcome(status)


def poll(notification: u64) -> u64 | Error:
    """Takes the bits that are set now, perhaps none."""
    words = Words()
    status, _ = kernel_call(Call.POLL, notification, 0, words)
    return one_word(status, words)


def wait_until(deadline: u64) -> u64 | Error:
    """Waits for bits of the thread's notification, or for the deadline (`Error.TIMED_OUT`)."""
    words = Words()
    status, _ = kernel_call(Call.WAIT_UNTIL, 0, deadline, words)
    return one_word(status, words)


def receive_fault(endpoint: u64, words: Ptr[Words]) -> Error | None:
    """Waits for a message of eight words at most, for who serves nothing else."""
    status, _ = kernel_call(Call.RECEIVE, endpoint, 0, words)
    return outcome(status)


def keep(number: u64, slot: u64) -> u64 | Error:
    """Moves the right to answer from the thread's reply register to a slot; the result is its handle."""
    words = Words()
    words.w[0] = slot
    status, _ = kernel_call(Call.KEEP, 0, number, words)
    return one_word(status, words)


def derive(handle: u64, table: u64, slot: u64, rights: u64, badge: u64) -> u64 | Error:
    """Makes a handle to the same object in a slot of a table (0: the own)."""
    words = Words()
    words.w[0] = table
    words.w[1] = slot
    words.w[2] = rights
    words.w[3] = badge
    status, _ = kernel_call(Call.DERIVE, handle, 0, words)
    return one_word(status, words)


def move(handle: u64, table: u64, slot: u64) -> u64 | Error:
    """Moves a handle to another slot."""
    words = Words()
    words.w[0] = table
    words.w[1] = slot
    status, _ = kernel_call(Call.MOVE, handle, 0, words)
    return one_word(status, words)


def delete(handle: u64) -> Error | None:
    """Empties a slot; what was derived from the handle lives on."""
    words = Words()
    status, _ = kernel_call(Call.DELETE, handle, 0, words)
    return outcome(status)


def revoke(handle: u64) -> Error | None:
    """Removes everything that came from a handle."""
    words = Words()
    status, _ = kernel_call(Call.REVOKE, handle, 0, words)
    return outcome(status)


def rights_of(handle: u64) -> u64:
    """What a handle allows; nothing when it names nothing."""
    words = Words()
    status, _ = kernel_call(Call.IDENTIFY, handle, 0, words)
    if status & FAILED != 0:
        return 0
    return words.w[1]


def create(memory: u64, kind: Kind, size: u64, table: u64, slot: u64) -> u64 | Error:
    """Makes an object in a memory; the result is its handle."""
    words = Words()
    words.w[0] = kind
    words.w[1] = size
    words.w[2] = table
    words.w[3] = slot
    status, _ = kernel_call(Call.CREATE, memory, 0, words)
    return one_word(status, words)


def memory_read(memory: u64, words: Ptr[Words]) -> Error | None:
    """Words 0, 1 and 2 become its bytes, the bytes in use and how often it is mapped."""
    status, _ = kernel_call(Call.MEMORY_READ, memory, 0, words)
    return outcome(status)


def map_memory(space: u64, memory: u64, offset: u64, address: u64, size: u64, access: u64) -> Error | None:
    """Maps a piece of a memory."""
    words = Words()
    words.w[0] = memory
    words.w[1] = offset
    words.w[2] = address
    words.w[3] = size
    words.w[4] = access
    status, _ = kernel_call(Call.MAP, space, 0, words)
    return outcome(status)


def unmap(space: u64, address: u64) -> Error | None:
    """Removes the mapping that holds an address."""
    words = Words()
    words.w[0] = address
    status, _ = kernel_call(Call.UNMAP, space, 0, words)
    return outcome(status)


def thread_bind(thread: u64, binding: Binding, handle: u64, extra: u64) -> Error | None:
    """Gives a thread one of the things it needs; `extra` is a handler's badge or a message page's offset."""
    words = Words()
    words.w[0] = binding
    words.w[1] = handle
    words.w[2] = extra
    status, _ = kernel_call(Call.THREAD_BIND, thread, 0, words)
    return outcome(status)


def thread_set(thread: u64, priority: u64, ceiling: u64) -> Error | None:
    """Sets a thread's priority and the highest one it may give."""
    words = Words()
    words.w[0] = priority
    words.w[1] = ceiling
    status, _ = kernel_call(Call.THREAD_SET, thread, 0, words)
    return outcome(status)


def thread_start(thread: u64, counter: u64, stack: u64, argument: u64) -> Error | None:
    """Starts a thread, or starts it anew."""
    words = Words()
    words.w[0] = counter
    words.w[1] = stack
    words.w[2] = argument
    status, _ = kernel_call(Call.THREAD_START, thread, 0, words)
    return outcome(status)


def thread_stop(thread: u64) -> Error | None:
    """Stops a thread."""
    words = Words()
    status, _ = kernel_call(Call.THREAD_STOP, thread, 0, words)
    return outcome(status)


def thread_read(thread: u64, words: Ptr[Words]) -> Error | None:
    """State, fault, its address, counter, stack, ticks used, priority and CPU."""
    status, _ = kernel_call(Call.THREAD_READ, thread, 0, words)
    return outcome(status)


def thread_registers(thread: u64, first: u64, words: Ptr[Words]) -> Error | None:
    """Eight registers from `first` on."""
    words.w[0] = first
    status, _ = kernel_call(Call.THREAD_REGISTERS, thread, 0, words)
    return outcome(status)


def context_set(context: u64, machine: u64, budget: u64, period: u64, processor: u64) -> Error | None:
    """Gives a context time on a processor; needs the machine's power over time."""
    words = Words()
    words.w[0] = machine
    words.w[1] = budget
    words.w[2] = period
    words.w[3] = processor
    status, _ = kernel_call(Call.CONTEXT_SET, context, 0, words)
    return outcome(status)


def context_divide(context: u64, other: u64, budget: u64) -> Error | None:
    """Gives some of a context's budget to another."""
    words = Words()
    words.w[0] = other
    words.w[1] = budget
    status, _ = kernel_call(Call.CONTEXT_DIVIDE, context, 0, words)
    return outcome(status)


def context_read(context: u64, words: Ptr[Words]) -> Error | None:
    """Budget, period, processor, ticks used since it was made, ticks ready now."""
    status, _ = kernel_call(Call.CONTEXT_READ, context, 0, words)
    return outcome(status)


def interrupt_bind(interrupt: u64, notification: u64, bits: u64) -> Error | None:
    """Lets an interrupt set bits of a notification."""
    words = Words()
    words.w[0] = notification
    words.w[1] = bits
    status, _ = kernel_call(Call.INTERRUPT_BIND, interrupt, 0, words)
    return outcome(status)


def interrupt_acknowledge(interrupt: u64) -> Error | None:
    """Lets an interrupt through again."""
    words = Words()
    status, _ = kernel_call(Call.INTERRUPT_ACKNOWLEDGE, interrupt, 0, words)
    return outcome(status)


def machine_interrupt(machine: u64, memory: u64, line: u64, table: u64, slot: u64, edge: bool = False) -> u64 | Error:
    """Makes the object of an interrupt line, which an edge or a level asserts, in a slot of a table (0: the own)."""
    words = Words()
    words.w[0] = memory
    words.w[1] = line
    words.w[2] = table
    words.w[3] = slot
    words.w[4] = 1 if edge else 0
    status, _ = kernel_call(Call.MACHINE_INTERRUPT, machine, 0, words)
    return one_word(status, words)


def machine_device(
    machine: u64, memory: u64, base: u64, size: u64, table: u64, slot: u64, ports: bool = False
) -> u64 | Error:
    """Makes the memory of a device's registers, or of its ports, in a slot of a table (0: the own)."""
    words = Words()
    words.w[0] = memory
    words.w[1] = base
    words.w[2] = table
    words.w[3] = slot
    words.w[4] = size
    words.w[5] = 1 if ports else 0
    status, _ = kernel_call(Call.MACHINE_DEVICE, machine, 0, words)
    return one_word(status, words)


def machine_physical(machine: u64, memory: u64) -> u64 | Error:
    """The number by which devices that reach memory themselves know the first byte of a memory."""
    words = Words()
    words.w[0] = memory
    status, _ = kernel_call(Call.MACHINE_PHYSICAL, machine, 0, words)
    return one_word(status, words)


def port_read(ports: u64, offset: u64, size: u64) -> u64 | Error:
    """Reads a register of 1, 2 or 4 bytes, by its offset from the first port."""
    words = Words()
    words.w[0] = offset
    words.w[1] = size
    status, _ = kernel_call(Call.PORT_READ, ports, 0, words)
    return one_word(status, words)


def port_write(ports: u64, offset: u64, size: u64, value: u64) -> Error | None:
    """Writes a register of 1, 2 or 4 bytes, by its offset from the first port."""
    words = Words()
    words.w[0] = offset
    words.w[1] = size
    words.w[2] = value
    status, _ = kernel_call(Call.PORT_WRITE, ports, 0, words)
    return outcome(status)


def machine_read(machine: u64, processor: u64, words: Ptr[Words]) -> Error | None:
    """Longest stretch, its operation, idle ticks, threads chosen, interrupts taken, number of processors."""
    words.w[0] = processor
    status, _ = kernel_call(Call.MACHINE_READ, machine, 0, words)
    return outcome(status)


def machine_stop(machine: u64, exit_status: u64) -> Error | None:
    """Powers the device off."""
    words = Words()
    words.w[0] = exit_status
    status, _ = kernel_call(Call.MACHINE_STOP, machine, 0, words)
    return outcome(status)


__all__ = [
    "NEVER", "clock", "context_divide", "context_read", "context_set", "create", "delete", "derive",
    "interrupt_acknowledge", "interrupt_bind", "keep", "machine_device", "machine_interrupt", "machine_physical",
    "machine_read", "machine_stop", "map_memory", "memory_read", "move", "one_word", "outcome", "poll", "port_read",
    "port_write",
    "receive_fault", "revoke", "rights_of", "signal",
    "thread_bind", "thread_read", "thread_registers", "thread_set", "thread_start", "thread_stop", "unmap",
    "wait_until", "yield_processor",
]  # fmt: skip
