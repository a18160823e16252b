"""Calls one by one, on the pretend machine."""

from __future__ import annotations

import ctypes

import pytest

from abi import boot
from abi.kernel import (
    CALLS_ONLY,
    EXECUTE,
    NEVER,
    READ,
    WRITE,
    Binding,
    Call,
    Error,
    Fault,
    Kind,
    MessagePage,
    ThreadState,
)
from metal.types.records import layout_of
from tests.kernel.machine import Machine, Worker


@pytest.fixture()
def machine() -> Machine:
    return Machine()


def test_root_runs_and_reads_the_clock(machine: Machine) -> None:
    assert machine.current() == machine.root
    assert machine.good(Call.CLOCK)[:2] == (0, 1_000_000)


def test_an_unknown_operation_is_refused(machine: Machine) -> None:
    machine.program.call(0, 23, 0, 0, [0] * 8)
    assert machine.answer(machine.root).error == Error.NO_CALL


def test_an_empty_slot_names_nothing(machine: Machine) -> None:
    assert machine.call(Call.POLL, 77).error == Error.NO_HANDLE
    assert machine.call(Call.POLL, boot.OWN_TABLE).error == Error.WRONG_KIND


def test_a_notification_keeps_its_bits_until_they_are_taken(machine: Machine) -> None:
    handle = machine.create(Kind.NOTIFICATION, 100)
    machine.good(Call.SIGNAL, handle, 5)
    machine.good(Call.SIGNAL, handle, 2)
    assert machine.good(Call.POLL, handle)[0] == 7
    assert machine.good(Call.POLL, handle)[0] == 0


def test_a_deadline_that_is_past_polls(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    assert machine.call(Call.RECEIVE_UNTIL, endpoint, number=0).error == Error.TIMED_OUT


def test_a_wait_ends_at_its_deadline(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    machine.call(Call.RECEIVE_UNTIL, endpoint, number=50)
    assert machine.current() == 0
    machine.advance(49)
    assert machine.current() == 0
    machine.advance(1)
    assert machine.current() == machine.root
    assert machine.answer(machine.root).error == Error.TIMED_OUT
    assert NEVER > 50


def test_a_call_is_received_answered_and_returns(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    server = machine.thread(110, 20, 1000, 1000)
    client = machine.thread(120, 10, 1000, 1000)
    machine.sleep_root()
    assert machine.current() == server.address
    machine.call(Call.RECEIVE, endpoint)
    assert machine.current() == client.address
    machine.call(Call.CALL, endpoint, 1, 2, 3, 4, 5, 6, 7, 8)
    assert machine.current() == server.address
    got = machine.answer(server.address)
    assert got.words == (1, 2, 3, 4, 5, 6, 7, 8)
    assert got.number != 0
    machine.call(Call.REPLY_RECEIVE, endpoint, 9, number=got.number)
    assert machine.current() == client.address
    assert machine.answer(client.address).words[0] == 9
    assert machine.answer(client.address).error is None


def test_a_passive_server_runs_on_its_callers_context(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100, 1)
    server = machine.thread(110, 20, 1000, 1000)
    client = machine.thread(120, 10, 500, 1000)
    machine.sleep_root()
    machine.call(Call.RECEIVE, endpoint)
    machine.advance(0)
    assert machine.current() == client.address
    unbound = machine.call(Call.THREAD_UNBIND, server.handle, Binding.CONTEXT)
    assert unbound.error is None
    machine.call(Call.CALL, endpoint, 1)
    assert machine.current() == server.address
    number = machine.answer(server.address).number
    assert machine.call(Call.REPLY, number=number).error == Error.NO_CONTEXT
    assert machine.call(Call.KEEP, 0, 130, number=number).error == Error.NO_CONTEXT
    machine.advance(500)
    assert machine.current() == 0
    machine.advance(500)
    assert machine.current() == server.address
    machine.call(Call.REPLY_RECEIVE, endpoint, 7, number=number)
    assert machine.current() == client.address
    assert machine.answer(client.address).words[0] == 7


def test_a_fault_is_a_message_and_its_reply_lets_the_thread_go_on(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    handler = machine.thread(110, 20, 1000, 1000)
    worker = machine.thread(120, 10, 1000, 1000)
    machine.good(Call.THREAD_BIND, worker.handle, Binding.HANDLER, endpoint, 77)
    machine.sleep_root()
    machine.call(Call.RECEIVE, endpoint)
    assert machine.current() == worker.address
    machine.program.fault(0, 2, 0xDEAD000)
    assert machine.current() == handler.address
    got = machine.answer(handler.address)
    assert got.words[:4] == (Fault.WRITE, 0xDEAD000, 0x4000, 0x5000)
    assert got.status == 77
    machine.call(Call.REPLY_RECEIVE, endpoint, number=got.number)
    assert machine.current() == worker.address


def test_a_fault_without_a_handler_stops_the_thread_and_the_rest_go_on(machine: Machine) -> None:
    worker = machine.thread(120, 10, 1000, 1000)
    other = machine.thread(130, 5, 1000, 1000)
    machine.sleep_root()
    machine.program.fault(0, 1, 0x123)
    assert machine.current() == other.address
    words = machine.good(Call.THREAD_READ, worker.handle)
    assert words[:3] == (ThreadState.STOPPED, Fault.READ, 0x123)


def test_memory_is_mapped_shown_clear_and_taken_back(machine: Machine) -> None:
    memory = machine.create(Kind.MEMORY, 100, 3 << 12)
    machine.good(Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_0000, 3 << 12, READ | WRITE)
    entry = machine.program.translate(machine.root, 0x40_2000)
    assert entry & 1 << 60
    assert machine.call(Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_1000, 1 << 12, READ).error == Error.MAPPED
    assert machine.call(Call.MAP, boot.OWN_SPACE, memory, 0, 0x3F_F000, 2 << 12, READ).error == Error.MAPPED
    assert machine.program.translate(machine.root, 0x3F_F000) == 0
    assert machine.call(Call.CREATE, memory, Kind.ENDPOINT, 0, 0, 101).error == Error.MAPPED
    machine.good(Call.UNMAP, boot.OWN_SPACE, 0x40_0000)
    assert machine.program.translate(machine.root, 0x40_0000) == 0
    assert machine.good(Call.MEMORY_READ, memory)[:3] == (3 << 12, 0, 0)


def test_write_and_execute_never_come_together(machine: Machine) -> None:
    memory = machine.create(Kind.MEMORY, 100, 1 << 12)
    assert machine.call(Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_0000, 1 << 12, 6).error == Error.BAD_ARGUMENT
    machine.good(Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_0000, 1 << 12, READ | EXECUTE)


@pytest.mark.parametrize("patience", [0, 1, 3])
def test_revoking_memory_ends_all_that_came_from_it(machine: Machine, patience: int) -> None:
    used = machine.good(Call.MEMORY_READ, boot.MEMORY)[1]
    memory = machine.create(Kind.MEMORY, 100, 1 << 18)
    for slot, kind in enumerate((Kind.ENDPOINT, Kind.NOTIFICATION, Kind.THREAD, Kind.SPACE, Kind.CONTEXT), 101):
        machine.create(kind, slot, memory=memory)
    machine.create(Kind.TABLE, 106, 64, memory=memory)
    inner = machine.create(Kind.MEMORY, 107, 1 << 14, memory=memory)
    machine.good(Call.MAP, 104, inner, 0, 0x40_0000, 1 << 14, READ | WRITE)
    machine.good(Call.DERIVE, 106, 0, 108, 255, 0)
    machine.good(Call.DERIVE, 101, 106, 5, 7, 99)
    machine.good(Call.DERIVE, 106, 106, 6, 255, 0)
    machine.good(Call.THREAD_BIND, 103, Binding.SPACE, 104)
    machine.good(Call.THREAD_BIND, 103, Binding.TABLE, 106)
    machine.good(Call.THREAD_BIND, 103, Binding.CONTEXT, 105)
    machine.good(Call.THREAD_BIND, 103, Binding.HANDLER, 101)
    machine.good(Call.THREAD_BIND, 103, Binding.NOTIFICATION, 102)
    machine.state.patience = patience
    machine.good(Call.REVOKE, memory)
    machine.state.patience = 0
    assert machine.good(Call.MEMORY_READ, memory)[1:3] == (0, 0)
    for slot in range(101, 109):
        assert machine.call(Call.IDENTIFY, slot).error == Error.NO_HANDLE
    machine.good(Call.DELETE, memory)
    assert machine.good(Call.RECLAIM, boot.MEMORY)[0] == used


def test_an_old_handle_does_not_name_what_came_into_its_slot(machine: Machine) -> None:
    first = machine.create(Kind.NOTIFICATION, 100)
    machine.good(Call.DELETE, first)
    second = machine.create(Kind.NOTIFICATION, 100)
    assert second != first
    assert machine.call(Call.SIGNAL, first, 1).error == Error.NO_HANDLE
    machine.good(Call.SIGNAL, second, 1)


def test_what_was_derived_from_a_deleted_handle_goes_on_one_level_up(machine: Machine) -> None:
    note = machine.create(Kind.NOTIFICATION, 100)
    middle = machine.good(Call.DERIVE, note, 0, 101, 3, 0)[0]
    leaves = [machine.good(Call.DERIVE, middle, 0, slot, 1, 0)[0] for slot in (102, 103, 104)]
    machine.good(Call.DELETE, middle)
    machine.program.check(machine.root)
    for leaf in leaves:
        machine.good(Call.SIGNAL, leaf, 1)
    machine.good(Call.REVOKE, note)
    for leaf in leaves:
        assert machine.call(Call.SIGNAL, leaf, 1).error == Error.NO_HANDLE
    machine.good(Call.POLL, note)


def test_revoking_the_ground_under_ones_feet_is_refused(machine: Machine) -> None:
    assert machine.call(Call.REVOKE, boot.MEMORY).error == Error.SELF
    assert machine.call(Call.REVOKE, boot.OWN_TABLE).error == Error.SELF


def words_at(machine: Machine, handle: int, offset: int, count: int) -> list[int]:
    """Words of a Memory, as a program that maps it would see them."""
    base = machine.program.memory_base(machine.program.object_at(machine.root, handle)) + offset
    return list((ctypes.c_uint64 * count).from_address(base))


def test_memory_is_clear_before_it_is_shown(machine: Machine) -> None:
    memory = machine.create(Kind.MEMORY, 100, 4 << 12)
    assert words_at(machine, memory, 2 << 12, 1) != [0]
    machine.good(Call.MAP, boot.OWN_SPACE, memory, 1 << 12, 0x40_0000, 2 << 12, READ)
    assert not any(words_at(machine, memory, 0, 3 << 9))


def test_long_messages_carry_words_and_handles_with_no_more_rights_than_given(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    pages = machine.create(Kind.MEMORY, 101, 4 << 12)
    note = machine.create(Kind.NOTIFICATION, 102)
    server, client = machine.thread(110, 20, 1000, 1000), machine.thread(120, 10, 1000, 1000)
    for index, worker in enumerate((server, client)):
        machine.good(Call.THREAD_BIND, worker.handle, Binding.MESSAGE_PAGE, pages, index << 12)
    base = machine.program.memory_base(machine.program.object_at(machine.root, pages))
    place = layout_of(MessagePage).offsets
    machine.sleep_root()
    machine.program.poke(base + place["slots"], 150)
    machine.call(Call.RECEIVE, endpoint, long=True)
    page = base + (1 << 12)
    machine.program.poke(page, 3 | 2 << 32)
    for index, value in enumerate((11, 22, 33)):
        machine.program.poke(page + place["words"] + 8 * index, value)
    machine.program.poke(page + place["handles"], note)
    machine.program.poke(page + place["handles"] + 8, 99)
    machine.program.poke(page + place["rights"], 1)
    machine.call(Call.CALL, endpoint, 7, long=True)
    assert machine.current() == server.address
    assert machine.answer(server.address).words[0] == 7
    assert words_at(machine, pages, place["received_words"], 1) == [3 | 2 << 32]
    assert words_at(machine, pages, place["words"], 3) == [11, 22, 33]
    assert words_at(machine, pages, place["received"], 2) == [150, 0]
    assert machine.good(Call.IDENTIFY, 150)[:2] == (Kind.NOTIFICATION, 1)
    assert machine.call(Call.POLL, 150).error == Error.NO_RIGHT


def begin_to_serve(machine: Machine, endpoint: int) -> tuple[Worker, Worker]:
    """A server without time of its own that waits at an endpoint, and its client, which runs."""
    server, client = machine.thread(110, 20, 1000, 1000), machine.thread(120, 10, 1000, 1000)
    machine.sleep_root()
    machine.call(Call.RECEIVE, endpoint)
    machine.good(Call.THREAD_UNBIND, server.handle, Binding.CONTEXT)
    machine.call(Call.CALL, endpoint)
    assert machine.current() == server.address
    answer(machine, server, endpoint)
    assert machine.current() == client.address
    return server, client


def answer(machine: Machine, server: Worker, endpoint: int) -> None:
    """A server answers the call that it received last."""
    machine.call(Call.REPLY_RECEIVE, endpoint, 7, number=machine.answer(server.address).number)


def test_an_answer_leads_to_who_is_more_urgent_than_the_caller(machine: Machine) -> None:
    endpoint, note = machine.create(Kind.ENDPOINT, 100, CALLS_ONLY), machine.create(Kind.NOTIFICATION, 101)
    waiter = machine.thread(130, 15, 1000, 1000)
    machine.good(Call.THREAD_BIND, waiter.handle, Binding.NOTIFICATION, note)
    server, client = begin_to_serve_beside(machine, endpoint, waiter)
    machine.call(Call.CALL, endpoint)
    number = machine.answer(server.address).number
    machine.good(Call.SIGNAL, note, 1)
    assert machine.current() == server.address
    machine.call(Call.REPLY_RECEIVE, endpoint, 7, number=number)
    assert machine.current() == waiter.address
    machine.call(Call.WAIT_UNTIL, number=NEVER)
    assert machine.current() == client.address
    assert machine.answer(client.address).words[0] == 7


def begin_to_serve_beside(machine: Machine, endpoint: int, waiter: Worker) -> tuple[Worker, Worker]:
    """The same, while another thread waits for its notification."""
    server, client = machine.thread(110, 20, 1000, 1000), machine.thread(120, 10, 1000, 1000)
    machine.sleep_root()
    machine.call(Call.RECEIVE, endpoint)
    assert machine.current() == waiter.address
    machine.call(Call.WAIT_UNTIL, number=NEVER)
    machine.good(Call.THREAD_UNBIND, server.handle, Binding.CONTEXT)
    machine.call(Call.CALL, endpoint)
    answer(machine, server, endpoint)
    assert machine.current() == client.address
    return server, client


def test_an_answer_with_another_number_drops_the_call(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100, CALLS_ONLY)
    server, client = begin_to_serve(machine, endpoint)
    machine.call(Call.CALL, endpoint)
    number = machine.answer(server.address).number
    machine.call(Call.REPLY_RECEIVE, endpoint, 7, number=number - 1)
    assert machine.current() == client.address
    assert machine.answer(client.address).error == Error.SERVER_DIED


def test_a_long_call_after_short_ones_gets_its_page(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100, CALLS_ONLY)
    pages = machine.create(Kind.MEMORY, 101, 4 << 12)
    server, client = begin_to_serve(machine, endpoint)
    machine.good(Call.THREAD_BIND, client.handle, Binding.MESSAGE_PAGE, pages, 0)
    place = layout_of(MessagePage).offsets
    base = machine.program.memory_base(machine.program.object_at(machine.root, 101))
    machine.program.poke(base + place["received_words"], 99)
    machine.call(Call.CALL, endpoint)
    answer(machine, server, endpoint)
    machine.call(Call.CALL, endpoint, long=True)
    assert machine.current() == server.address
    answer(machine, server, endpoint)
    assert machine.current() == client.address
    assert words_at(machine, pages, place["received_words"], 1) == [0], "a short answer says that the page is empty"


def test_a_server_is_called_straight_only_where_no_budget_is_asked_for(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100, CALLS_ONLY, needs=400)
    server, client = begin_to_serve(machine, endpoint)
    machine.program.check(machine.root)
    machine.advance(700)
    machine.program.call(0, Call.CALL, endpoint, 0, [0] * 8)
    assert machine.current() not in (server.address, client.address), "the client waits outside"


def test_a_caller_with_too_little_time_left_waits_outside(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100, CALLS_ONLY, needs=400)
    server, client = machine.thread(110, 20, 500, 1000), machine.thread(120, 10, 500, 1000)
    machine.sleep_root()
    machine.call(Call.RECEIVE, endpoint)
    machine.good(Call.THREAD_UNBIND, server.handle, Binding.CONTEXT)
    machine.advance(200)
    before = machine.program.pc_of(client.address)
    machine.program.call(0, Call.CALL, endpoint, 0, [0] * 8)
    assert machine.current() == 0
    assert machine.program.pc_of(client.address) == before, "the call is made again when there is time"
    machine.advance(799)
    assert machine.current() == 0
    machine.advance(1)
    assert machine.current() == client.address
    machine.call(Call.CALL, endpoint)
    assert machine.current() == server.address


def test_a_request_of_nearly_the_whole_budget_gets_through_or_is_refused(machine: Machine) -> None:
    tight, fitting = (machine.create(Kind.ENDPOINT, 100 + i, CALLS_ONLY, needs=n) for i, n in enumerate((450, 430)))
    client = machine.thread(120, 10, 500, 1000)
    machine.sleep_root()
    assert machine.current() == client.address
    assert machine.call(Call.CALL_UNTIL, tight, number=0).error == Error.TOO_LITTLE
    machine.advance(80)
    machine.program.call(0, Call.CALL_UNTIL, fitting, 0, [0] * 8)
    assert machine.current() == 0
    machine.advance(920)
    assert machine.current() == client.address
    # Coming back and calling again takes some of the budget that was waited for.
    machine.state.now = machine.state.now + 20
    assert machine.call(Call.CALL_UNTIL, fitting, number=0).error == Error.TIMED_OUT


def test_an_exhausted_budget_is_a_message_where_someone_asked_for_it(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    handler, worker = machine.thread(110, 20, 1000, 1000), machine.thread(120, 10, 300, 1000)
    machine.good(Call.THREAD_BIND, worker.handle, Binding.EXHAUSTION, endpoint, 33)
    machine.sleep_root()
    machine.call(Call.RECEIVE, endpoint)
    assert machine.current() == worker.address
    machine.advance(300)
    assert machine.current() == handler.address
    got = machine.answer(handler.address)
    assert (got.status, got.words[0]) == (33, Fault.EXHAUSTED)
    machine.call(Call.REPLY_RECEIVE, endpoint, number=got.number)
    assert machine.current() == 0
    machine.advance(700)
    assert machine.current() == worker.address


def test_a_hog_gets_its_share_and_no_more(machine: Machine) -> None:
    hog = machine.thread(110, 20, 200, 1000)
    other = machine.thread(120, 10, 1000, 1000)
    machine.sleep_root()
    used = {hog.address: 0, other.address: 0}
    for _ in range(2000):
        running = machine.current()
        machine.advance(10)
        used[running] += 10
    assert used[hog.address] == 4000
    assert used[other.address] == 16000


def test_two_cpus_run_two_threads_and_one_stops_the_other() -> None:
    machine = Machine(2)
    first, second = machine.thread(110, 10, 1000, 1000), machine.thread(120, 10, 1000, 1000, cpu=1)
    machine.settle()
    assert machine.current(1) == second.address
    machine.good(Call.THREAD_STOP, second.handle)
    machine.settle()
    assert machine.current(1) == 0
    machine.good(Call.THREAD_RESUME, second.handle)
    machine.settle()
    machine.sleep_root()
    assert [machine.current(0), machine.current(1)] == [first.address, second.address]
    machine.program.check(machine.root)


def test_a_call_to_another_cpu_wakes_the_server_there() -> None:
    machine = Machine(2)
    endpoint = machine.create(Kind.ENDPOINT, 100)
    server, client = machine.thread(110, 20, 1000, 1000, cpu=1), machine.thread(120, 10, 1000, 1000)
    machine.sleep_root()
    machine.settle()
    machine.call(Call.RECEIVE, endpoint, cpu=1)
    assert machine.current(1) == 0
    machine.call(Call.CALL, endpoint, 5)
    machine.settle()
    assert machine.current(1) == server.address
    number = machine.answer(server.address).number
    machine.call(Call.REPLY_RECEIVE, endpoint, 6, number=number, cpu=1)
    machine.settle()
    assert machine.current(0) == client.address
    assert machine.answer(client.address).words[0] == 6


def test_what_is_unmapped_is_forgotten_by_every_cpu_before_the_call_returns() -> None:
    machine = Machine(2)
    memory = machine.create(Kind.MEMORY, 100, 2 << 12)
    machine.good(Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_0000, 2 << 12, READ | WRITE)
    machine.thread(110, 10, 1000, 1000, cpu=1)
    machine.settle()
    for cpu in range(2):
        assert machine.program.touch(cpu, 0x40_1000)
    machine.good(Call.UNMAP, boot.OWN_SPACE, 0x40_0000)
    for cpu in range(2):
        assert machine.program.touch(cpu, 0x40_1000) == 0


def test_a_thread_that_reclaims_itself_leaves_nothing_behind(machine: Machine) -> None:
    pool = machine.create(Kind.MEMORY, 100, 0x40000)
    machine.create(Kind.ENDPOINT, 102, memory=pool)
    table = machine.create(Kind.TABLE, 101, 100, memory=pool)
    machine.good(Call.DERIVE, boot.MACHINE, table, 90, 1)
    worker = machine.create(Kind.THREAD, 110, memory=pool)
    address = machine.program.object_at(machine.root, 110)
    for binding, handle in (
        (Binding.SPACE, boot.OWN_SPACE), (Binding.TABLE, boot.OWN_TABLE), (Binding.CONTEXT, context_for(machine, 111)),
    ):  # fmt: skip
        machine.good(Call.THREAD_BIND, worker, binding, handle)
    machine.good(Call.THREAD_SET, worker, 5, 5)
    machine.good(Call.THREAD_START, worker, 0x4000, 0x5000, 0, 0)
    # Each of these leaves after one step of the table's end, which takes some: the thread stays on the list behind it.
    machine.state.patience = 1
    machine.good(Call.DELETE, table)
    machine.good(Call.DELETE, worker)
    machine.state.patience = 0
    machine.sleep_root()
    assert machine.current() == address
    machine.program.call(0, Call.RECLAIM, pool, 0, [0] * 8)
    assert machine.current() == 0
    used = machine.program.memory_used(machine.program.object_at(machine.root, 100))
    assert machine.program.word_of(address, 0) != used
    machine.program.check(machine.root)


def test_a_smaller_budget_holds_at_once_on_another_cpu_too() -> None:
    machine = Machine(cpus=2)
    worker = machine.thread(100, 5, 10_000, 10_000, cpu=1)
    machine.settle()
    assert machine.current(1) == worker.address
    machine.good(Call.CONTEXT_SET, worker.context, boot.MACHINE, 100, 10_000, 1)
    machine.settle()
    machine.advance(101)
    assert machine.current(1) == 0


def context_for(machine: Machine, slot: int) -> int:
    """A context with budget that no thread has."""
    context = machine.create(Kind.CONTEXT, slot)
    machine.good(Call.CONTEXT_SET, context, boot.MACHINE, 1000, 1000, 0)
    return context
