"""Faults are messages: what kinds there are, what a handler is told, and that a thread goes on or stays put."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from abi.kernel import READ, WRITE, Call, Fault, ThreadState
from metal import Words, kernel_call, raw, u64
from system.runtime import calls
from tests.machine.probes import chosen as probes
from tests.machine.suite.report import expect, expect_equal, skip
from tests.machine.suite.world import (
    PAGE,
    FaultNote,
    Maker,
    make_endpoint,
    make_space,
    map_new,
    milliseconds,
    need,
    now,
    pause,
    shared,
    start,
    stop_here,
    take_fault,
    wait_for_stage,
    world,
)  # fmt: skip

UNSAFE: Final = True

NOWHERE: Final = 0x7_0000_0000


def reader(argument: u64) -> None:
    """Reads at an address."""
    shared().results[0] = raw(u64, argument)[0]
    shared().stage.store(1)
    stop_here()


def writer(argument: u64) -> None:
    """Writes at an address."""
    raw(u64, argument)[0] = 1
    shared().stage.store(1)
    stop_here()


def jumper(argument: u64) -> None:
    """Executes at an address."""
    probes.jump_to(argument)
    shared().stage.store(1)
    stop_here()


def misaligned(argument: u64) -> None:
    """Uses an address that is not aligned, where it must be."""
    probes.misaligned()
    shared().stage.store(1)
    stop_here()


def failing(argument: u64) -> None:
    """Fails a check of typed Python."""
    limit = argument
    shared().results[limit] = 1
    shared().stage.store(1)
    stop_here()


def faulting(maker: Maker) -> None:
    """Prepares a thread in another space, whose faults come to the endpoint in `handler`."""
    maker.space = make_space()
    maker.handler = make_endpoint(0, 0)
    maker.badge = 9


def look(note: FaultNote, kind: Fault, address: u64, what: str) -> None:
    """Compares a fault with what it should say."""
    expect_equal(note.kind, kind, what)
    expect_equal(note.badge, 9, "the badge of the handler")
    if address != 0:
        expect_equal(note.address, address, "the address of the fault")
    expect(shared().stage.load() == 0, "the thread did not go on")


def a_read_of_nothing_is_a_fault() -> None:
    maker = Maker()
    note = FaultNote()
    faulting(maker)
    maker.argument = NOWHERE
    start(maker, reader)
    expect(take_fault(maker.handler, note), "the fault arrives")
    look(note, Fault.READ, NOWHERE, "a read")


def a_write_to_text_is_a_fault() -> None:
    maker = Maker()
    note = FaultNote()
    faulting(maker)
    maker.argument = 0x40_0000
    start(maker, writer)
    expect(take_fault(maker.handler, note), "the fault arrives")
    look(note, Fault.WRITE, 0x40_0000, "a write")


def use_page(access: u64, entry: Callable[[u64], None], kind: Fault, what: str) -> None:
    """A thread does with a page what this access does not allow."""
    maker = Maker()
    note = FaultNote()
    faulting(maker)
    page: u64 = 0x6_0000_0000
    map_new(maker.space, page, PAGE, access)
    maker.argument = page
    start(maker, entry)
    expect(take_fault(maker.handler, note), "the fault arrives")
    look(note, kind, page, what)


def data_is_not_executed() -> None:
    if not probes.FAULTS_ON_EXECUTION:
        skip("the emulator hangs where the processor would fault")
        return
    use_page(READ | WRITE, jumper, Fault.EXECUTE, "an execution")


def a_page_to_be_read_is_not_executed() -> None:
    if not probes.FAULTS_ON_EXECUTION:
        skip("the emulator hangs where the processor would fault")
        return
    use_page(READ, jumper, Fault.EXECUTE, "an execution")


def a_page_to_be_read_is_not_written() -> None:
    use_page(READ, writer, Fault.WRITE, "a write")


def a_misaligned_access_is_a_fault() -> None:
    if not probes.FAULTS_ON_MISALIGNMENT:
        skip("every access that the emulator knows may be misaligned")
        return
    maker = Maker()
    note = FaultNote()
    faulting(maker)
    start(maker, misaligned)
    expect(take_fault(maker.handler, note), "the fault arrives")
    look(note, Fault.ALIGNMENT, 0, "an alignment")


def a_failed_check_is_a_fault() -> None:
    maker = Maker()
    note = FaultNote()
    faulting(maker)
    maker.argument = 16
    start(maker, failing)
    expect(take_fault(maker.handler, note), "the fault arrives")
    look(note, Fault.TRAP, 0, "a failed check")


def a_handler_repairs_and_the_thread_goes_on() -> None:
    maker = Maker()
    note = FaultNote()
    faulting(maker)
    maker.argument = NOWHERE
    start(maker, reader)
    if not expect(take_fault(maker.handler, note), "the fault arrives"):
        return
    map_new(maker.space, NOWHERE, PAGE, READ)
    words = Words()
    status, _ = kernel_call(Call.REPLY, note.reply, 0, words)
    world.reply = 0
    expect_equal(status, 0, "the status of the reply")
    expect(wait_for_stage(1), "the thread goes on where it was")
    expect_equal(shared().results[0], 0, "what it read")


def without_a_handler_a_thread_stops() -> None:
    maker = Maker()
    maker.space = make_space()
    maker.argument = NOWHERE
    thread = start(maker, reader)
    end = now() + milliseconds(500)
    words = Words()
    need(calls.thread_read(thread, words))
    while words.w[0] != ThreadState.STOPPED and now() < end:
        pause(1)
        need(calls.thread_read(thread, words))
    expect_equal(words.w[0], ThreadState.STOPPED, "its state")
    expect_equal(words.w[1], Fault.READ, "its fault")
    expect_equal(words.w[2], NOWHERE, "the address of its fault")
