"""No bit that one thread leaves in a register is seen by another, and none of its own is lost."""

from __future__ import annotations

from typing import Final

from abi.kernel import Kind
from metal import addr_of, u64
from system.runtime import calls
from tests.machine.probes import chosen as probes
from tests.machine.suite.report import expect, expect_equal
from tests.machine.suite.world import (
    Maker,
    make,
    make_context,
    make_endpoint,
    make_space,
    make_thread,
    milliseconds,
    need,
    now,
    pause,
    settle,
    shared,
    start,
    stop_here,
    wait_for_stage,
)  # fmt: skip

UNSAFE: Final = True

PATTERN: Final = 0xA5A5_0000_0000_0000


def a_call_leaves_nothing_in_registers() -> None:
    notification = make(Kind.NOTIFICATION, 0)
    for _ in range(10):
        if not expect_equal(probes.dirty_after_call(notification), 0, "what is left of the kernel's work"):
            return


def the_probe_sees_what_is_left() -> None:
    expect(probes.dirty_without_call(0) & PATTERN == PATTERN, "a pattern that nobody cleans away is seen")


def keeping_thread(argument: u64) -> None:
    """Yields to others of its kind, each with numbers of its own in the registers that a call keeps."""
    place = addr_of(shared().words) + argument * 8
    seed = (argument + 1) * 0x1_0000
    for _ in range(100):
        probes.measure_kept_over_switch(seed, place)
        shared().results[argument] |= shared().words[argument]
    shared().stage.add(1)
    stop_here()


def a_call_keeps_what_it_must() -> None:
    for index in range(3):
        maker = Maker()
        maker.argument = index
        if index == 2:
            maker.space = make_space()
        start(maker, keeping_thread)
    expect(wait_for_stage(3), "all come to their end")
    for index in range(3):
        expect_equal(shared().results[index], 0, "what changed in registers that a call keeps")


def a_server_leaves_nothing_in_registers() -> None:
    endpoint = make_endpoint(0, 0)
    server = Maker()
    server.space = make_space()
    server.priority = 120
    thread = make_thread(server)
    need(calls.thread_start(thread, addr_of(probes.poison_and_serve), server.stack, endpoint))
    pause(1)
    for _ in range(10):
        probes.measure_dirty_after_exchange(endpoint, addr_of(shared().results))
        if not expect_equal(shared().results[0], 0, "what is left of the server's registers"):
            return
        if not expect_equal(shared().results[1], 0, "what others left in the caller's vector registers"):
            return


def poisoning_thread(argument: u64) -> None:
    """Leaves patterns everywhere, again and again."""
    while shared().stop.load() == 0:
        probes.fill_vectors(0xBAD0_0000 + argument)
        probes.set_flags_and_pointer()
        shared().count.value.add(1)
        calls.yield_processor()
    stop_here()


def a_new_thread_finds_empty_registers() -> None:
    poison = Maker()
    poison.argument = 7
    settle(start(poison, poisoning_thread))
    fresh = Maker()
    fresh.space = make_space()
    thread = make_thread(fresh)
    place = addr_of(shared().results)
    need(calls.thread_start(thread, addr_of(probes.report_fresh_registers), fresh.stack, place))
    end = now() + milliseconds(500)
    while shared().results[3] == 0 and now() < end:
        pause(1)
    expect(shared().count.value.load() > 0, "somebody left patterns")
    expect_equal(shared().results[3], 1, "whether the new thread told")
    expect_equal(shared().results[0], 0, "its general registers")
    expect_equal(shared().results[1], 0, "its vector registers")
    expect_equal(shared().results[2], 0, "its flags, controls and thread pointer")
    shared().stop.store(1)


def vector_thread(argument: u64) -> None:
    """Fills the vector registers with its own numbers and looks whether they stay, over calls and interruptions."""
    seed = (argument + 1) * 0x1000
    probes.fill_vectors(seed)
    while shared().stop.load() == 0:
        for _ in range(200):
            probes.rest()
        shared().results[argument] |= probes.check_vectors(seed)
        shared().words[argument] += 1
    shared().stage.add(1)
    stop_here()


def vector_registers_are_kept_apart() -> None:
    for index in range(3):
        maker = Maker()
        maker.argument = index
        if index == 1:
            maker.space = make_space()
        maker.context = make_context(1, 4, 0)
        start(maker, vector_thread)
    lazy = Maker()
    lazy.argument = 3
    start(lazy, integer_thread)
    for _ in range(30):
        pause(1)
    shared().stop.store(1)
    expect(wait_for_stage(4), "all come to their end")
    for index in range(3):
        expect(shared().words[index] > 0, "each of them looks")
        expect_equal(shared().results[index], 0, "what changed in somebody's vector registers")


def integer_thread(argument: u64) -> None:
    """Never touches a vector register, and is in everybody's way."""
    while shared().stop.load() == 0:
        shared().count.value.add(1)
        calls.yield_processor()
    shared().stage.add(1)
    stop_here()


def vectors_survive_calls() -> None:
    probes.fill_vectors(0x7000)
    first = probes.check_vectors(0x7000)
    expect_equal(first, 0, "what changed at once")
    other = Maker()
    other.argument = 5
    start(other, poisoning_thread)
    probes.fill_vectors(0x7100)
    # An interruption keeps all of them: this loop lasts longer than the timer of a sleep.
    end = now() + milliseconds(2)
    turns: u64 = 0
    while turns < 100_000 and now() < end:
        turns += 1
    shared().stop.store(1)
    expect(turns > 0, "time passes")
