"""Hostile programs: each tries what it can, ends as the design says, and all others go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from abi.kernel import FAILED, READ, Binding, Call, Error, Fault, Kind
from abi.rights import ALL, ENDPOINT_CALL
from metal import U64, Words, addr_of, kernel_call, raw, u64
from system.runtime import calls
from tests.machine.probes import chosen as probes
from tests.machine.suite.report import expect, expect_equal, skip
from tests.machine.suite.world import (
    PAGE,
    FaultNote,
    Maker,
    give,
    make,
    make_context,
    make_endpoint,
    make_space,
    make_thread,
    milliseconds,
    must,
    need,
    now,
    pause,
    shared,
    start,
    stop_here,
    take_fault,
    wait_for_more,
    wait_for_stage,
    world,
)  # fmt: skip

UNSAFE: Final = True

TEXT: Final = 0x40_0000


def confined(maker: Maker) -> None:
    """Prepares a program with its own space and a table that holds next to nothing."""
    maker.space = make_space()
    maker.table = make(Kind.TABLE, 16)
    maker.handler = make_endpoint(0, 0)
    maker.badge = 66


def ends_with(entry: Callable[[u64], None], argument: u64, kind: Fault) -> bool:
    """A confined program faults like this."""
    maker = Maker()
    note = FaultNote()
    confined(maker)
    maker.argument = argument
    start(maker, entry)
    if not expect(take_fault(maker.handler, note), "the program is stopped"):
        return False
    if kind == Fault.INSTRUCTION:
        # Such a fault has no address, and must not show the address of somebody else's.
        expect_equal(note.address, 0, "the address of a fault that has none")
    return expect_equal(note.kind, kind, "its fault")


def reads(argument: u64) -> None:
    """Reads where it must not."""
    shared().results[0] = raw(u64, argument)[0]
    shared().stage.store(1)
    stop_here()


def writes(argument: u64) -> None:
    """Writes where it must not."""
    raw(u64, argument)[0] = 0
    shared().stage.store(1)
    stop_here()


def jumps(argument: u64) -> None:
    """Executes what it must not."""
    probes.jump_to(argument)
    shared().stage.store(1)
    stop_here()


def tries(argument: u64) -> None:
    """Uses an instruction that is not for programs."""
    probes.attempt(argument)
    shared().stage.store(1)
    stop_here()


def kernel_memory_is_out_of_reach() -> None:
    if not probes.GUARDS_KERNEL:
        skip("the emulator lets programs into the kernel's memory")
        return
    ends_with(reads, probes.KERNEL_TEXT, Fault.READ)
    ends_with(writes, probes.KERNEL_TEXT, Fault.WRITE)
    ends_with(jumps, probes.KERNEL_TEXT, Fault.EXECUTE)
    ends_with(reads, 0xFFFF_FFFF_FFFF_FFF8, Fault.READ)
    ends_with(reads, 0x0001_0000_0000_0000, probes.FAULT_BEYOND_TABLES)
    ends_with(reads, 0, Fault.READ)
    # A walk of page tables that looked at the lower bits only would find the program's own text there.
    for bit in range(U64(39), U64(48)):
        kind: Fault = probes.FAULT_BEYOND_TABLES if bit == 47 else Fault.READ
        if not ends_with(reads, (U64(1) << bit) + TEXT, kind):
            print(f"because: bit {bit}")
    expect_equal(shared().stage.load(), 0, "how many came through")


def instructions_of_the_kernel_are_refused() -> None:
    if not probes.GUARDS_KERNEL:
        skip("the emulator lets programs use the kernel's instructions")
        return
    # The CPU remembers this address, and nobody else is to be told it.
    ends_with(reads, 0x7_1234_5000, Fault.READ)
    for index in range(probes.ATTEMPTS):
        if not ends_with(tries, index, Fault.INSTRUCTION):
            print(f"because: attempt {index}")
            return
    expect_equal(shared().stage.load(), 0, "how many came through")


def forging_thread(argument: u64) -> None:
    """Tries every operation with handles and reply numbers it was not given, and counts what was not refused."""
    words = Words()
    number: u64 = argument
    for round in range(600):
        number = (number & 0xFFFF_FFFF) * 1_103_515_245 + round
        for index in range(8):
            words.w[index] = number >> index
        status, _ = kernel_call(Call.POLL, number, 0, words)
        if status & FAILED == 0:
            shared().count.value.add(1)
        status, _ = kernel_call(Call.MAP, number >> 3, 0, words)
        if status & FAILED == 0:
            shared().count.value.add(1)
        status, _ = kernel_call(Call.CREATE, number & 31, 0, words)
        if status & FAILED == 0:
            shared().count.value.add(1)
        status, _ = kernel_call(Call.DERIVE, number & 15, 0, words)
        if status & FAILED == 0:
            shared().count.value.add(1)
        status, _ = kernel_call(Call.THREAD_WRITE, number & 7, 0, words)
        if status & FAILED == 0:
            shared().count.value.add(1)
        status, _ = kernel_call(Call.REPLY, 0, number & 0xFFFF, words)
        if status & FAILED == 0:
            shared().count.value.add(1)
        status, _ = kernel_call(Call.MACHINE_STOP, number & 15, 0, words)
        if status & FAILED == 0:
            shared().count.value.add(1)
        status, _ = kernel_call(Call.REVOKE, number & 15, 0, words)
        if status & FAILED == 0:
            shared().count.value.add(1)
    shared().stage.store(1)
    stop_here()


def handles_and_replies_cannot_be_forged() -> None:
    maker = Maker()
    confined(maker)
    maker.argument = 12345
    start(maker, forging_thread)
    expect(wait_for_stage(1), "the program comes to its end")
    expect_equal(shared().count.value.load(), 0, "how much was not refused")


def greedy_thread(argument: u64) -> None:
    """Creates whatever it can until nothing is left, and goes on asking."""
    made: u64 = 0
    words = Words()
    for slot in range(2, 4096):
        kind: u64 = slot % 8
        words.w[0] = kind
        words.w[1] = 4096 if kind == 0 else 8
        words.w[2] = 0
        words.w[3] = slot
        words.w[4] = 0
        status, _ = kernel_call(Call.CREATE, 1, 0, words)
        if status & FAILED == 0:
            made += 1
    shared().results[0] = made
    shared().stage.store(1)
    stop_here()


def exhausted_memory_hurts_nobody_else() -> None:
    maker = Maker()
    confined(maker)
    small = make(Kind.MEMORY, 32 * PAGE)
    give(small, maker.table, 1, ALL, 0)
    start(maker, greedy_thread)
    expect(wait_for_stage(1), "the program comes to its end")
    expect(shared().results[0] > 0, "it made something")
    expect(shared().results[0] < 600, "it could not make more than its memory and its table hold")
    notification = make(Kind.NOTIFICATION, 0)
    bits = calls.poll(notification)
    expect(not isinstance(bits, Error), "the suite can still make things")


def bad_address_thread(argument: u64) -> None:
    """Maps its memory at addresses and with lengths that make no sense, and counts what was not refused."""
    places = Words()
    places.w[0] = 0xFFFF_0000_0000_0000
    places.w[1] = 0x0000_8000_0000_0000
    places.w[2] = 0xFFFF_FFFF_FFFF_F000
    places.w[3] = 0x0000_7FFF_FFFF_F000
    places.w[4] = 0x123
    places.w[5] = 0x8000_0000_0000_0000
    places.w[6] = 0xFFFE_FFFF_FFFF_F000
    places.w[7] = 0x7FFF_FFFF_FFFF_F000
    for index in range(8):
        refused = calls.map_memory(2, 1, 0, places.w[index], 2 * PAGE, READ)
        if refused is None:
            shared().count.value.add(1)
        refused = calls.map_memory(2, 1, places.w[index], 0x6_0000_0000, PAGE, READ)
        if refused is None:
            shared().count.value.add(1)
        refused = calls.map_memory(2, 1, 0, 0x6_0000_0000, places.w[index], READ)
        if refused is None:
            shared().count.value.add(1)
        refused = calls.unmap(2, places.w[index])
        if refused is None:
            shared().count.value.add(1)
    shared().stage.store(1)
    stop_here()


def bad_addresses_are_refused() -> None:
    maker = Maker()
    confined(maker)
    give(make(Kind.MEMORY, 4 * PAGE), maker.table, 1, ALL, 0)
    give(maker.space, maker.table, 2, ALL, 0)
    start(maker, bad_address_thread)
    expect(wait_for_stage(1), "the program comes to its end")
    expect_equal(shared().count.value.load(), 0, "how much was not refused")


def data_cannot_be_executed() -> None:
    if not probes.FAULTS_ON_EXECUTION:
        skip("the emulator hangs where the processor would fault")
        return
    maker = Maker()
    confined(maker)
    maker.argument = 0
    note = FaultNote()
    thread = make_thread(maker)
    # The stack is data too.
    need(calls.thread_start(thread, maker.stack - 64, maker.stack, 0))
    if expect(take_fault(maker.handler, note), "the program is stopped"):
        expect_equal(note.kind, Fault.EXECUTE, "its fault")


def hogging_thread(argument: u64) -> None:
    """Never gives the CPU away."""
    while True:
        shared().count.value.add(1, "relaxed")


def working_thread(argument: u64) -> None:
    """Does an honest piece of work, and says so."""
    for _ in range(50):
        shared().other.value.add(1)
        calls.yield_processor()
    shared().stage.store(1)
    stop_here()


def a_hog_uses_only_its_budget() -> None:
    hog = Maker()
    confined(hog)
    hog.priority = 150
    hog.context = make_context(2, 10, 0)
    start(hog, hogging_thread)
    honest = Maker()
    honest.priority = 90
    start(honest, working_thread)
    expect(wait_for_stage(1), "a thread of lower priority does its work")
    expect(wait_for_more(shared().count, 0), "the hog ran")


def flooding_thread(argument: u64) -> None:
    """Makes kernel calls as fast as it can."""
    words = Words()
    while True:
        kernel_call(Call.POLL, 1, 0, words)
        kernel_call(Call.SIGNAL, 1, 0, words)
        shared().count.value.add(1, "relaxed")


def a_flood_of_calls_uses_only_its_budget() -> None:
    flood = Maker()
    confined(flood)
    give(make(Kind.NOTIFICATION, 0), flood.table, 1, 3, 0)
    flood.priority = 150
    flood.context = make_context(2, 10, 0)
    start(flood, flooding_thread)
    honest = Maker()
    honest.priority = 90
    start(honest, working_thread)
    expect(wait_for_stage(1), "a thread of lower priority does its work")
    expect(wait_for_more(shared().count, 0), "the flood ran")


def greedy_caller(argument: u64) -> None:
    """Calls a server it should not keep from others, for ever."""
    words = Words()
    while True:
        kernel_call(Call.CALL, 1, 0, words)


def patient_server(argument: u64) -> None:
    """Answers everybody."""
    words = Words()
    badge, number = kernel_call(Call.RECEIVE, shared().handle, 0, words)
    while True:
        if badge == 2:
            shared().other.value.add(1)
        else:
            shared().count.value.add(1)
        badge, number = kernel_call(Call.REPLY_RECEIVE, shared().handle, number, words)


def honest_caller(argument: u64) -> None:
    """Calls a few times."""
    words = Words()
    for _ in range(10):
        kernel_call(Call.CALL, argument, 0, words)
    shared().stage.store(1)
    stop_here()


def a_server_stays_reachable() -> None:
    shared().handle = make_endpoint(0, 0)
    server = Maker()
    server.priority = 160
    start(server, patient_server)
    pause(1)
    greedy = Maker()
    confined(greedy)
    give(shared().handle, greedy.table, 1, ENDPOINT_CALL, 1)
    start(greedy, greedy_caller)
    honest = Maker()
    honest.argument = must(calls.derive(shared().handle, 0, world.slot, ENDPOINT_CALL, 2))
    world.slot += 1
    honest.priority = 110
    start(honest, honest_caller)
    expect(wait_for_stage(1), "the honest caller is answered")
    expect_equal(shared().other.value.load(), 10, "how often")


def a_stack_ends_in_nothing() -> None:
    maker = Maker()
    confined(maker)
    note = FaultNote()
    thread = make_thread(maker)
    need(calls.thread_start(thread, addr_of(writes), maker.stack, maker.stack - 0x5000))
    if expect(take_fault(maker.handler, note), "the program is stopped"):
        expect_equal(note.kind, Fault.WRITE, "its fault")


def others_cannot_be_controlled() -> None:
    maker = Maker()
    confined(maker)
    victim = Maker()
    confined(victim)
    thread = start(victim, working_thread)
    weak = must(calls.derive(thread, maker.table, 3, 2, 0))
    start(maker, controlling_thread)
    expect(weak != 0, "the program gets a handle that only inspects")
    end = now() + milliseconds(500)
    while shared().results[15] == 0 and now() < end:
        pause(1)
    expect_equal(shared().results[15], 1, "whether the program came to its end")
    expect_equal(shared().count.value.load(), 0, "how much was not refused")


def controlling_thread(argument: u64) -> None:
    """Has a handle with which it may look at another thread, and tries to change it."""
    words = Words()
    status, _ = kernel_call(Call.THREAD_STOP, 3, 0, words)
    if status & FAILED == 0:
        shared().count.value.add(1)
    status, _ = kernel_call(Call.THREAD_WRITE, 3, 0, words)
    if status & FAILED == 0:
        shared().count.value.add(1)
    status, _ = kernel_call(Call.THREAD_START, 3, 0, words)
    if status & FAILED == 0:
        shared().count.value.add(1)
    status, _ = kernel_call(Call.THREAD_SET, 3, 0, words)
    if status & FAILED == 0:
        shared().count.value.add(1)
    words.w[0] = Binding.SPACE
    status, _ = kernel_call(Call.THREAD_UNBIND, 3, 0, words)
    if status & FAILED == 0:
        shared().count.value.add(1)
    shared().results[15] = 1
    stop_here()
