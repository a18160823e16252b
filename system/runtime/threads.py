"""Threads of one program: each with its own stack above an unmapped guard, its own message page and its own time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from abi.kernel import READ, WRITE, Binding, Error, Kind
from abi.start import (
    CONTEXT,
    FAULTS,
    MEMORY,
    MESSAGES_ADDRESS,
    MESSAGES_MEMORY,
    SPACE,
    STACK_SLOT_BYTES,
    STACKS_ADDRESS,
    STACKS_MEMORY,
    TABLE,
    THREADS,
)  # fmt: skip
from metal import U64, Array, Atomic, Ptr, Words, addr_of, array, export, struct, u64
from system.runtime.calls import (
    context_divide,
    context_read,
    create,
    map_memory,
    signal,
    thread_bind,
    thread_set,
    thread_start,
    thread_stop,
)  # fmt: skip
from system.runtime.locks import Lock
from system.runtime.program import start_record, thread_index
from system.runtime.slots import take_slot
from system.runtime.time import milliseconds, sleep

UNSAFE: Final = True

REFILLS: Final = 8


@struct
class ThreadSlot:
    """One thread beside the first. Its objects are made once and used again by the thread that comes after it."""

    made: bool = False
    runs: Atomic[bool] = Atomic(False)
    function: Callable[[u64], None] | None = None
    argument: u64 = 0
    thread: u64 = 0
    context: u64 = 0
    notification: u64 = 0


@struct
class ThreadTable:
    """All threads of the program; entry 0, the first thread's, is not used."""

    lock: Lock = Lock()
    slots: Array[ThreadSlot] = array(THREADS)


threads: ThreadTable = ThreadTable()


def start_thread(function: Callable[[u64], None], argument: u64, share: u64) -> u64 | Error:
    """Runs a function in a thread of its own, with `share` percent of the first thread's processor time.

    The result is the thread's number. `Error.FULL`: the plan lets this program have no further thread.
    """
    threads.lock.acquire()
    started = claim(function, argument, share)
    threads.lock.release()
    return started


def claim(function: Callable[[u64], None], argument: u64, share: u64) -> u64 | Error:
    """Finds a free entry and starts the thread."""
    count = U64(start_record().threads)
    for index in range(1, count):
        slot = threads.slots[index]
        if not slot.runs.load("acquire"):
            if not slot.made:
                refused = make(slot, index, share)
                if refused is not None:
                    return refused
            slot.function = function
            slot.argument = argument
            slot.runs.store(True, "release")
            top = STACKS_ADDRESS + (index + 1) * STACK_SLOT_BYTES
            failed = thread_start(slot.thread, addr_of(metal_thread), top, index)
            if failed is not None:
                slot.runs.store(False, "release")
                return failed
            return index
    return Error.FULL


def make(slot: Ptr[ThreadSlot], index: u64, share: u64) -> Error | None:
    """Makes a thread's objects out of the program's own memory and maps its stack and message page."""
    thread = create(MEMORY, Kind.THREAD, 0, 0, take_slot())
    if isinstance(thread, Error):
        return thread
    context = create(MEMORY, Kind.CONTEXT, REFILLS, 0, take_slot())
    if isinstance(context, Error):
        return context
    notification = create(MEMORY, Kind.NOTIFICATION, 0, 0, take_slot())
    if isinstance(notification, Error):
        return notification
    slot.thread = thread
    slot.context = context
    slot.notification = notification
    refused = give_time(context, share)
    if refused is None:
        refused = map_stack(index)
    if refused is None:
        refused = bind(slot, index)
    slot.made = refused is None
    return refused


def give_time(context: u64, share: u64) -> Error | None:
    """Divides the first thread's budget."""
    words = Words()
    refused = context_read(CONTEXT, words)
    if refused is not None:
        return refused
    return context_divide(CONTEXT, context, words.w[0] * share // 100)


def map_stack(index: u64) -> Error | None:
    """Maps the thread's part of the memory that the plan grants for stacks and message pages."""
    record = start_record()
    stack = record.stack_bytes
    bottom = STACKS_ADDRESS + (index + 1) * STACK_SLOT_BYTES - stack
    refused = map_memory(SPACE, STACKS_MEMORY, index * stack, bottom, stack, READ | WRITE)
    if refused is not None:
        return refused
    page = record.page_bytes
    return map_memory(SPACE, MESSAGES_MEMORY, index * page, MESSAGES_ADDRESS + index * page, page, READ | WRITE)


def bind(slot: Ptr[ThreadSlot], index: u64) -> Error | None:
    """Puts the thread together."""
    record = start_record()
    refused = thread_bind(slot.thread, Binding.SPACE, SPACE, 0)
    if refused is None:
        refused = thread_bind(slot.thread, Binding.TABLE, TABLE, 0)
    if refused is None:
        refused = thread_bind(slot.thread, Binding.NOTIFICATION, slot.notification, 0)
    if refused is None:
        refused = thread_bind(slot.thread, Binding.MESSAGE_PAGE, MESSAGES_MEMORY, index * record.page_bytes)
    if refused is None:
        refused = thread_bind(slot.thread, Binding.HANDLER, FAULTS, 0)
    if refused is None:
        refused = thread_bind(slot.thread, Binding.CONTEXT, slot.context, 0)
    if refused is None:
        refused = thread_set(slot.thread, U64(record.priority), U64(record.priority))
    return refused


@export
def metal_thread(index: u64) -> None:
    """Where every thread begins; when its function returns, its entry is free for another."""
    slot = threads.slots[index]
    function = slot.function
    if function is not None:
        function(slot.argument)
    slot.runs.store(False, "release")
    stopped = thread_stop(slot.thread)
    assert stopped is None


def join_thread(index: u64) -> None:
    """Waits for the end of a thread."""
    while threads.slots[index].runs.load("acquire"):
        sleep(milliseconds(1))


def signal_thread(index: u64, bits: u64) -> Error | None:
    """Sets bits for another thread of this program, which gets them from `wait_for_bits`."""
    return signal(threads.slots[index].notification, bits)


def current_thread() -> u64:
    """The number of the thread that asks; the first is 0."""
    return thread_index()
