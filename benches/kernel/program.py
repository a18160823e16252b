"""What root runs on the machine that is measured: each loop, and a line `count NAME INSTRUCTIONS` for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from abi.boot import BUNDLE, MACHINE, OWN_SPACE, BootInformation
from abi.kernel import CALLS_ONLY, READ, WRITE, Binding, Call, Kind, MessagePage
from benches.kernel.probes import chosen as probes
from benches.kernel.rounds import ROUNDS, WARM
from metal import U64, Words, addr_of, export, kernel_call, ptr_at, u64
from system.runtime import calls
from tests.machine.suite.world import (
    BUNDLE_ADDRESS,
    PAGE,
    Maker,
    begin_world,
    choose_source,
    end_world,
    free_slot,
    make,
    make_endpoint,
    make_space,
    make_thread,
    must,
    need,
    pause,
    shared,
    stop_here,
    take_addresses,
    wait_for_stage,
    world,
)  # fmt: skip

UNSAFE: Final = True

NOWHERE: Final = 0x7_0000_0000
PAGE_WORDS: Final = 56


def tell(name: str, total: u64, rounds: u64) -> None:
    """The result of a loop: instructions for each round, in hundredths."""
    print(f"count {total * 100 // rounds} {name}")


def finish() -> None:
    """A client is done: the bench goes on."""
    shared().stage.store(1)
    stop_here()


def poll_client(argument: u64) -> None:
    """Counts POLL of an empty notification."""
    probes.poll_rounds(argument, WARM)
    before = probes.read_counter()
    probes.poll_rounds(argument, ROUNDS)
    shared().results[0] = probes.read_counter() - before
    finish()


def call_client(argument: u64) -> None:
    """Counts round trips."""
    probes.call_rounds(argument, WARM)
    before = probes.read_counter()
    probes.call_rounds(argument, ROUNDS)
    shared().results[0] = probes.read_counter() - before
    finish()


def vector_client(argument: u64) -> None:
    """Counts round trips of programs that use vector registers."""
    probes.vector_call_rounds(argument, WARM)
    before = probes.read_counter()
    probes.vector_call_rounds(argument, ROUNDS)
    shared().results[0] = probes.read_counter() - before
    finish()


def long_client(argument: u64) -> None:
    """Counts round trips of 64 words each way."""
    ptr_at(MessagePage, argument).send_words = PAGE_WORDS
    probes.long_call_rounds(shared().handle, WARM)
    before = probes.read_counter()
    probes.long_call_rounds(shared().handle, ROUNDS)
    shared().results[0] = probes.read_counter() - before
    finish()


def long_server(argument: u64) -> None:
    """Answers 64 words with as many."""
    ptr_at(MessagePage, argument).send_words = PAGE_WORDS
    probes.serve_long(shared().handle)


def yield_client(argument: u64) -> None:
    """Counts yields; the other one of its kind does the same."""
    probes.yield_rounds(WARM, 0)
    before = probes.read_counter()
    probes.yield_rounds(ROUNDS, 0)
    shared().results[argument] = probes.read_counter() - before
    shared().stage.add(1)
    stop_here()


def signal_client(argument: u64) -> None:
    """Signals a thread that waits in another space."""
    probes.signal_rounds(argument, WARM, addr_of(shared().words))
    shared().words[1] = 0
    shared().words[2] = 0
    before = probes.read_counter()
    probes.signal_rounds(argument, ROUNDS, addr_of(shared().words))
    shared().results[0] = probes.read_counter() - before
    finish()


def fault_client(argument: u64) -> None:
    """Counts faults that are answered."""
    probes.answer_faults(argument, ROUNDS, addr_of(shared().results))
    finish()


def interrupt_client(argument: u64) -> None:
    """Makes a device interrupt, again and again."""
    probes.ring_rounds(addr_of(shared().words), 10, argument)
    shared().words[1] = 0
    shared().words[2] = 0
    probes.ring_rounds(addr_of(shared().words), ROUNDS, argument)
    finish()


def interrupt_driver(argument: u64) -> None:
    """Takes the device's interrupts."""
    probes.take_interrupts(addr_of(shared().words), argument, shared().handle)


def wait_client(argument: u64) -> None:
    """Waits for signals."""
    probes.wait_and_note(argument)


def client(maker: Maker) -> None:
    """A thread at a low priority with time enough."""
    maker.priority = 100
    make_thread(maker)


def other_space(maker: Maker, priority: u64) -> None:
    """A thread in another space."""
    maker.space = make_space()
    maker.priority = priority
    make_thread(maker)


def null_call() -> None:
    """POLL."""
    maker = Maker()
    client(maker)
    notification = make(Kind.NOTIFICATION, 0)
    need(calls.thread_start(maker.thread, addr_of(poll_client), maker.stack, notification))
    if wait_for_stage(1):
        tell("null call", shared().results[0], ROUNDS)


def take_time(thread: u64) -> None:
    """A server that waits for calls gives its own time away: from now on it works on its callers' time."""
    words = Words()
    words.w[0] = Binding.CONTEXT
    status, _ = kernel_call(Call.THREAD_UNBIND, thread, 0, words)
    if status != 0:
        print("a server keeps its time")


def round_trip(name: str, serve: Callable[[u64], None], call: Callable[[u64], None], active: bool) -> None:
    """CALL and REPLY_RECEIVE between two spaces, by a server with time of its own or without."""
    endpoint = make_endpoint(0 if active else CALLS_ONLY, 0)
    server = Maker()
    other_space(server, 100)
    need(calls.thread_start(server.thread, addr_of(serve), server.stack, endpoint))
    pause(1)
    if not active:
        take_time(server.thread)
    maker = Maker()
    client(maker)
    need(calls.thread_start(maker.thread, addr_of(call), maker.stack, endpoint))
    if wait_for_stage(1):
        tell(name, shared().results[0], ROUNDS)


def long_round_trip() -> None:
    """64 words each way."""
    shared().handle = make_endpoint(CALLS_ONLY, 0)
    server = Maker()
    server.page = True
    other_space(server, 100)
    need(calls.thread_start(server.thread, addr_of(long_server), server.stack, server.argument))
    pause(1)
    take_time(server.thread)
    maker = Maker()
    maker.page = True
    client(maker)
    need(calls.thread_start(maker.thread, addr_of(long_client), maker.stack, maker.argument))
    if wait_for_stage(1):
        tell("round trip, 64 words", shared().results[0], ROUNDS)


def yield_switch() -> None:
    """Two threads of one priority, in two spaces, give each other the CPU."""
    first = Maker()
    client(first)
    second = Maker()
    other_space(second, 100)
    need(calls.thread_start(first.thread, addr_of(yield_client), first.stack, 0))
    need(calls.thread_start(second.thread, addr_of(yield_client), second.stack, 1))
    if wait_for_stage(2):
        tell("yield", shared().results[0], 2 * ROUNDS)


def signal_to_waiter() -> None:
    """SIGNAL until the first instruction of the waiter, in another space and of higher priority."""
    notification = make(Kind.NOTIFICATION, 0)
    waiter = Maker()
    waiter.notification = notification
    other_space(waiter, 120)
    need(calls.thread_start(waiter.thread, addr_of(wait_client), waiter.stack, addr_of(shared().words)))
    pause(1)
    maker = Maker()
    client(maker)
    need(calls.thread_start(maker.thread, addr_of(signal_client), maker.stack, notification))
    if wait_for_stage(1):
        tell("signal to waiter", shared().words[1], ROUNDS)
        tell("signal, wake, wait again", shared().results[0], ROUNDS)


def fault_and_reply() -> None:
    """A fault, its handler in another space, the answer, and the same instruction again."""
    endpoint = make_endpoint(0, 0)
    faulting = Maker()
    faulting.handler = endpoint
    faulting.badge = 1
    other_space(faulting, 100)
    need(calls.thread_start(faulting.thread, addr_of(probes.fault_for_ever), faulting.stack, NOWHERE))
    maker = Maker()
    client(maker)
    need(calls.thread_start(maker.thread, addr_of(fault_client), maker.stack, endpoint))
    if wait_for_stage(1):
        tell("fault and reply", shared().results[0], ROUNDS)


def map_and_unmap() -> None:
    """One page, whose tables are there."""
    memory = make(Kind.MEMORY, PAGE)
    beside = make(Kind.MEMORY, PAGE)
    here = take_addresses(2 * PAGE)
    need(calls.map_memory(OWN_SPACE, beside, 0, here + PAGE, PAGE, READ))
    shared().words[0] = 0
    shared().words[1] = 0
    place = addr_of(shared().words)
    probes.map_rounds(OWN_SPACE, memory, here, 10, place)
    shared().words[0] = 0
    shared().words[1] = 0
    probes.map_rounds(OWN_SPACE, memory, here, ROUNDS, place)
    tell("map", shared().words[0], ROUNDS)
    tell("unmap", shared().words[1], ROUNDS)


def interrupt_to_driver() -> None:
    """A device's interrupt until the first instruction of its driver, in another space."""
    device = must(calls.machine_device(MACHINE, world.payer, probes.CLOCK_CHIP, PAGE, 0, free_slot()))
    here = take_addresses(PAGE)
    need(calls.map_memory(OWN_SPACE, device, 0, here, PAGE, READ | WRITE))
    line = must(calls.machine_interrupt(MACHINE, world.payer, probes.CLOCK_CHIP_LINE, 0, free_slot()))
    notification = make(Kind.NOTIFICATION, 0)
    need(calls.interrupt_bind(line, notification, 1))
    shared().handle = line
    driver = Maker()
    driver.notification = notification
    other_space(driver, 120)
    need(calls.map_memory(driver.space, device, 0, here, PAGE, READ | WRITE))
    need(calls.thread_start(driver.thread, addr_of(interrupt_driver), driver.stack, here))
    pause(1)
    probes.open_clock_chip(here)
    maker = Maker()
    client(maker)
    need(calls.thread_start(maker.thread, addr_of(interrupt_client), maker.stack, here))
    if wait_for_stage(1):
        tell("interrupt to driver", shared().words[1], ROUNDS)
        tell("interrupt to driver, worst", shared().words[2], 1)
    probes.close_clock_chip(here)


@export
def metal_start(argument: u64) -> None:
    """Root's start: the very first thing is to ask what time it is."""
    words = Words()
    calls.clock(words)
    ticks = words.w[0]
    information = ptr_at(BootInformation, argument)
    world.millisecond = information.ticks_per_second // 1000
    world.cpus = U64(information.cpu_count)
    choose_source(information)
    need(calls.map_memory(OWN_SPACE, BUNDLE, 0, BUNDLE_ADDRESS, information.bundle_bytes, READ))
    tell("boot to first program", ticks * probes.TICK_INSTRUCTIONS, 1)
    for step in range(10):
        begin_world()
        measure_step(step)
        if not end_world():
            print("something was left behind")
    print("bench: done")
    stopped = calls.machine_stop(MACHINE, 0)
    if stopped is not None:
        print("the machine does not stop")
    while True:
        pass


def measure_step(step: u64) -> None:
    """One of the measurements, each in a world of its own."""
    if step == 0:
        null_call()
    elif step == 1:
        round_trip("round trip, 0 to 8 words", probes.serve, call_client, False)
    elif step == 2:
        round_trip("round trip, vector registers", probes.serve_vectors, vector_client, False)
    elif step == 9:
        round_trip("round trip, server with its own time", probes.serve, call_client, True)
    elif step == 3:
        long_round_trip()
    elif step == 4:
        yield_switch()
    elif step == 5:
        signal_to_waiter()
    elif step == 6:
        fault_and_reply()
    elif step == 7:
        map_and_unmap()
    else:
        interrupt_to_driver()
