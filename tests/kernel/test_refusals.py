"""Every refusal that abi/calls.py promises is reached, with its cause; the last test prints the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from abi import boot, rights
from abi.calls import CALLS, COMMON
from abi.kernel import (
    CALLS_ONLY,
    EXECUTE,
    LONG_WORDS,
    NEVER,
    READ,
    WRITE,
    Binding,
    Call,
    Error,
    Kind,
    MessagePage,
    ThreadState,
)
from metal.compiler.harness import Trap
from metal.types.records import layout_of
from tests.kernel.machine import Machine, Worker
from tests.kernel.world import World

PAGE = 4096
SLOTS = layout_of(MessagePage).offsets["slots"]
SEEN: Counter[tuple[Call, Error | None]] = Counter()
ENDS = (Call.MACHINE_STOP, Call.MACHINE_RESTART)
Scene = Callable[[Machine], None]
SCENES: list[Scene] = []


def scene(function: Scene) -> Scene:
    """One of the scenes below."""
    SCENES.append(function)
    return function


def expect(machine: Machine, error: Error, call: Call, handle: int = 0, *words: int, **others: int) -> None:
    """A call that must be refused so."""
    answer = machine.call(call, handle, *words, **others)  # type: ignore[arg-type]
    assert answer.error == error, f"{call.name}: {answer.error!r} instead of {error.name}"


def weak(machine: Machine, handle: int, slot: int) -> int:
    """A handle to the same object without rights."""
    return machine.good(Call.DERIVE, handle, 0, slot, 0, 0)[0]


@scene
def each_call_wants_a_handle_of_its_kind_with_its_rights(machine: Machine) -> None:
    whole = {
        Kind.MEMORY: boot.MEMORY, Kind.SPACE: boot.OWN_SPACE, Kind.THREAD: boot.OWN_THREAD, Kind.MACHINE: boot.MACHINE,
        Kind.CONTEXT: boot.OWN_CONTEXT, Kind.ENDPOINT: machine.create(Kind.ENDPOINT, 100),
        Kind.NOTIFICATION: machine.create(Kind.NOTIFICATION, 101),
        Kind.INTERRUPT: machine.good(Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 9, 0, 102, 0)[0],
    }  # fmt: skip
    powerless = {kind: weak(machine, handle, 110 + kind) for kind, handle in whole.items()}
    for row in CALLS:
        if row.kind is not None:
            expect(machine, Error.NO_HANDLE, row.call, 99)
            expect(machine, Error.WRONG_KIND, row.call, boot.OWN_TABLE)
            if row.rights:
                expect(machine, Error.NO_RIGHT, row.call, powerless[row.kind])


@scene
def handles_among_the_words_are_checked_too(machine: Machine) -> None:
    memory, machine_weak = weak(machine, boot.MEMORY, 100), weak(machine, boot.MACHINE, 101)
    note = machine.create(Kind.NOTIFICATION, 102)
    note_weak, context_weak = weak(machine, note, 103), weak(machine, boot.OWN_CONTEXT, 104)
    line = machine.good(Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 9, 0, 105, 0)[0]
    table_weak, worker = weak(machine, boot.OWN_TABLE, 106), machine.thread(120, 5, start=False)
    context = machine.create(Kind.CONTEXT, 107)
    rows: list[tuple[Call, int, list[int], int, int]] = [
        (Call.CREATE, boot.MEMORY, [Kind.ENDPOINT, 0, 0, 109], 2, table_weak),
        (Call.DERIVE, note, [0, 109, 1, 0], 0, table_weak),
        (Call.MOVE, note, [0, 109], 0, table_weak),
        (Call.MAP, boot.OWN_SPACE, [0, 0, PAGE, PAGE, READ], 0, memory),
        (Call.THREAD_BIND, worker.handle, [Binding.NOTIFICATION, 0, 0], 1, note_weak),
        (Call.CONTEXT_SET, context, [0, 100, 100, 0], 0, machine_weak),
        (Call.CONTEXT_DIVIDE, boot.OWN_CONTEXT, [0, 100], 0, context_weak),
        (Call.INTERRUPT_BIND, line, [0, 1], 0, note_weak),
        (Call.MACHINE_INTERRUPT, boot.MACHINE, [boot.MEMORY, 10, 0, 109, 0], 2, table_weak),
        (Call.MACHINE_DEVICE, boot.MACHINE, [boot.MEMORY, PAGE, 0, 109, PAGE], 2, table_weak),
        (Call.MACHINE_PHYSICAL, boot.MACHINE, [0], 0, memory),
    ]  # fmt: skip
    for call, handle, words, place, powerless in rows:
        for value, error in ((99, Error.NO_HANDLE), (line, Error.WRONG_KIND), (powerless, Error.NO_RIGHT)):
            changed = [*words[:place], value, *words[place + 1 :]]
            if call == Call.INTERRUPT_BIND and error == Error.WRONG_KIND:
                changed = [boot.MEMORY, 1]
            expect(machine, error, call, handle, *changed)


@scene
def a_destination_must_be_an_empty_slot(machine: Machine) -> None:
    note = machine.create(Kind.NOTIFICATION, 100)
    for slot, error in ((2, Error.FULL), (0, Error.BAD_ARGUMENT), (5000, Error.BAD_ARGUMENT)):
        expect(machine, error, Call.CREATE, boot.MEMORY, Kind.ENDPOINT, 0, 0, slot)
        expect(machine, error, Call.DERIVE, note, 0, slot, 1, 0)
        expect(machine, error, Call.MOVE, note, 0, slot)
        expect(machine, error, Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 10, 0, slot, 0)
        expect(machine, error, Call.MACHINE_DEVICE, boot.MACHINE, boot.MEMORY, PAGE, 0, slot, PAGE)
    expect(machine, Error.BAD_ARGUMENT, Call.DERIVE, note, 0, 109, 1, 1 << 63)
    expect(machine, Error.BUSY, Call.MOVE, boot.OWN_TABLE, 0, 109)


@scene
def the_tree_of_handles_has_a_greatest_depth(machine: Machine) -> None:
    memory = machine.create(Kind.MEMORY, 100, 64 * PAGE)
    context = machine.create(Kind.CONTEXT, 101)
    note = machine.create(Kind.NOTIFICATION, 102)
    line = machine.good(Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 9, 0, 103, 0)[0]
    worker = machine.thread(104, 5, start=False)
    deep = {handle: handle for handle in (memory, note)}
    for handle in deep:
        for level in range(20):
            answer = machine.call(Call.DERIVE, deep[handle], 0, 200 + 20 * list(deep).index(handle) + level, 255, 0)
            if answer.error == Error.TOO_DEEP:
                break
            deep[handle] = answer.words[0]
        else:
            raise AssertionError("the tree has no greatest depth")
    too_deep(machine, deep[memory], deep[note], line, worker)
    assert context


def too_deep(machine: Machine, memory: int, note: int, line: int, worker: Worker) -> None:
    """Nothing can be derived from these handles any more."""
    expect(machine, Error.TOO_DEEP, Call.CREATE, memory, Kind.ENDPOINT, 0, 0, 190)
    expect(machine, Error.TOO_DEEP, Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_0000, PAGE, READ)
    expect(machine, Error.TOO_DEEP, Call.THREAD_BIND, worker.handle, Binding.NOTIFICATION, note)
    expect(machine, Error.TOO_DEEP, Call.INTERRUPT_BIND, line, note, 1)
    expect(machine, Error.TOO_DEEP, Call.MACHINE_INTERRUPT, boot.MACHINE, memory, 11, 0, 190, 0)
    expect(machine, Error.TOO_DEEP, Call.MACHINE_DEVICE, boot.MACHINE, memory, PAGE, 0, 190, PAGE)


@scene
def nothing_is_derived_below_a_revocation(machine: Machine) -> None:
    memory = machine.create(Kind.MEMORY, 100, 64 * PAGE)
    note = machine.create(Kind.NOTIFICATION, 101)
    line = machine.good(Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 9, 0, 103, 0)[0]
    worker = machine.thread(110, 254, 5000, 10000, start=False)
    for index, handle in enumerate((memory, note)):
        for slot in range(130 + 30 * index, 160 + 30 * index):
            machine.good(Call.DERIVE, handle, 0, slot, 255, 0)
        machine.state.patience = 1
        machine.program.call(0, Call.REVOKE, handle, 0, [0] * 8)
        machine.state.patience = 0
        dying = {
            memory: [
                (Call.CREATE, memory, [Kind.ENDPOINT, 0, 0, 90]),
                (Call.MAP, boot.OWN_SPACE, [memory, 0, 0x40_0000, PAGE, READ]),
                (Call.MACHINE_INTERRUPT, boot.MACHINE, [memory, 11, 0, 90, 0]),
                (Call.MACHINE_DEVICE, boot.MACHINE, [memory, PAGE, 0, 90, PAGE]),
            ],
            note: [
                (Call.DERIVE, note, [0, 90, 1, 0]),
                (Call.INTERRUPT_BIND, line, [note, 1]),
                (Call.THREAD_BIND, worker.handle, [Binding.NOTIFICATION, note, 0]),
            ],
        }[handle]
        for call, named, words in dying:
            expect(machine, Error.DYING, call, named, *words)
        machine.good(Call.REVOKE, handle)
        machine.good(Call.REVOKE, handle)


@scene
def memory_pays_or_is_shown(machine: Machine) -> None:
    memory = machine.create(Kind.MEMORY, 100, 4 * PAGE)
    machine.good(Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_0000, PAGE, READ)
    expect(machine, Error.MAPPED, Call.CREATE, memory, Kind.ENDPOINT, 0, 0, 109)
    expect(machine, Error.MAPPED, Call.MACHINE_INTERRUPT, boot.MACHINE, memory, 10, 0, 109, 0)
    expect(machine, Error.MAPPED, Call.MACHINE_DEVICE, boot.MACHINE, memory, PAGE, 0, 109, PAGE)
    expect(machine, Error.MAPPED, Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_0000, PAGE, READ)
    expect(machine, Error.BAD_ADDRESS, Call.MAP, boot.OWN_SPACE, memory, 0, 1 << 60, PAGE, READ)
    expect(machine, Error.BAD_ARGUMENT, Call.MAP, boot.OWN_SPACE, memory, 5, 0x50_0000, PAGE, READ)
    expect(machine, Error.BAD_ARGUMENT, Call.MAP, boot.OWN_SPACE, memory, 0, 0x50_0000, PAGE, WRITE | EXECUTE)
    expect(machine, Error.BAD_ADDRESS, Call.UNMAP, boot.OWN_SPACE, 0x50_0000)
    machine.good(Call.UNMAP, boot.OWN_SPACE, 0x40_0000)
    machine.create(Kind.ENDPOINT, 101, memory=memory)
    expect(machine, Error.BUSY, Call.MAP, boot.OWN_SPACE, memory, 0, 0x40_0000, PAGE, READ)
    worker = machine.thread(110, 5, start=False)
    expect(machine, Error.BUSY, Call.THREAD_BIND, worker.handle, Binding.MESSAGE_PAGE, memory, 0)
    small = machine.create(Kind.MEMORY, 102, PAGE)
    expect(machine, Error.NO_MEMORY, Call.CREATE, small, Kind.MEMORY, PAGE, 0, 109)
    expect(machine, Error.BAD_ARGUMENT, Call.CREATE, small, Kind.MACHINE, PAGE, 0, 109)
    pages = machine.create(Kind.MEMORY, 103, 4 * PAGE)
    space = machine.create(Kind.SPACE, 104, memory=pages)
    expect(machine, Error.NO_MEMORY, Call.MAP, space, small, 0, 0x40_0000, PAGE, READ)
    full = machine.create(Kind.MEMORY, 105, PAGE)
    for slot in range(300, 400):
        if machine.call(Call.CREATE, full, Kind.ENDPOINT, 0, 0, slot).error == Error.NO_MEMORY:
            break
    expect(machine, Error.NO_MEMORY, Call.MACHINE_INTERRUPT, boot.MACHINE, full, 10, 0, 109, 0)
    expect(machine, Error.NO_MEMORY, Call.MACHINE_DEVICE, boot.MACHINE, full, PAGE, 0, 109, PAGE)


@scene
def a_wait_gives_the_bits_that_are_there(machine: Machine) -> None:
    note = machine.create(Kind.NOTIFICATION, 100)
    machine.good(Call.THREAD_BIND, boot.OWN_THREAD, Binding.NOTIFICATION, note)
    machine.good(Call.SIGNAL, note, 5)
    assert machine.good(Call.WAIT_UNTIL, number=NEVER)[0] == 5


@scene
def ports_are_reached_only_through_their_handle(machine: Machine) -> None:
    def make(first: int, count: int, slot: int) -> tuple[int, ...]:
        return boot.MACHINE, boot.MEMORY, first, 0, slot, count, 1

    for first, count in ((64, 1), (60, 5), (0, 0), (1 << 63, 1), (1, 0xFFFF_FFFF_FFFF_FFFF)):
        expect(machine, Error.BAD_ADDRESS, Call.MACHINE_DEVICE, *make(first, count, 109))
    expect(machine, Error.BAD_ARGUMENT, Call.MACHINE_DEVICE, boot.MACHINE, boot.MEMORY, 8, 0, 109, 8, 2)
    ports = machine.good(Call.MACHINE_DEVICE, *make(8, 8, 109))[0]
    other = machine.good(Call.MACHINE_DEVICE, *make(12, 4, 110))[0]
    machine.good(Call.PORT_WRITE, ports, 4, 4, 0x1234_5678)
    assert machine.good(Call.PORT_READ, ports, 4, 4)[0] == 0x1234_5678
    assert machine.good(Call.PORT_READ, other, 1, 2)[0] == 0x3456
    for offset, size in ((8, 1), (7, 2), (5, 4), (0, 3), (0, 0), (0, 8), (0xFFFF_FFFF_FFFF_FFFF, 1)):
        expect(machine, Error.BAD_ARGUMENT, Call.PORT_READ, ports, offset, size)
        expect(machine, Error.BAD_ARGUMENT, Call.PORT_WRITE, ports, offset, size, 0)
    device = machine.good(Call.MACHINE_DEVICE, boot.MACHINE, boot.MEMORY, PAGE, 0, 111, PAGE)[0]
    for handle in (boot.MEMORY, device):
        expect(machine, Error.BAD_ARGUMENT, Call.PORT_READ, handle, 0, 1)
        expect(machine, Error.BAD_ARGUMENT, Call.PORT_WRITE, handle, 0, 1, 0)
    expect(machine, Error.BAD_ARGUMENT, Call.MAP, boot.OWN_SPACE, ports, 0, 0x40_0000, PAGE, READ)
    reader = machine.good(Call.DERIVE, ports, 0, 112, rights.MEMORY_READ, 0)[0]
    machine.good(Call.PORT_READ, reader, 0, 1)
    expect(machine, Error.NO_RIGHT, Call.PORT_WRITE, reader, 0, 1, 0)


@scene
def the_machine_refuses_what_is_not_there(machine: Machine) -> None:
    line = machine.good(Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 9, 0, 100, 0)[0]
    note = machine.create(Kind.NOTIFICATION, 101)
    expect(machine, Error.BOUND, Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 9, 0, 109, 0)
    expect(machine, Error.BAD_ARGUMENT, Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 2, 0, 109, 0)
    expect(machine, Error.BAD_ADDRESS, Call.MACHINE_DEVICE, boot.MACHINE, boot.MEMORY, machine.base, 0, 109, PAGE)
    expect(machine, Error.BAD_ARGUMENT, Call.PRINT, boot.MACHINE, 57)
    expect(machine, Error.BAD_ARGUMENT, Call.MACHINE_READ, boot.MACHINE, 99)
    expect(machine, Error.NOT_BOUND, Call.INTERRUPT_ACKNOWLEDGE, line)
    expect(machine, Error.NOT_BOUND, Call.INTERRUPT_UNBIND, line)
    expect(machine, Error.BAD_ARGUMENT, Call.INTERRUPT_BIND, line, note, 0)
    machine.good(Call.INTERRUPT_BIND, line, note, 4)
    expect(machine, Error.BOUND, Call.INTERRUPT_BIND, line, note, 4)
    machine.state.pending = 1 << 9
    machine.settle()
    assert machine.good(Call.POLL, note)[0] == 4
    machine.settle()
    assert machine.good(Call.POLL, note)[0] == 0, "a line that was not acknowledged is masked"
    machine.good(Call.INTERRUPT_ACKNOWLEDGE, line)
    machine.settle()
    assert machine.good(Call.POLL, note)[0] == 4, "a level that is still asserted interrupts again"
    machine.good(Call.INTERRUPT_UNBIND, line)
    machine.good(Call.IDENTIFY, line)
    machine.good(Call.MACHINE_PHYSICAL, boot.MACHINE, boot.MEMORY)
    machine.good(Call.YIELD)


@scene
def threads_refuse_what_does_not_fit_their_state(machine: Machine) -> None:
    endpoint, calls = machine.create(Kind.ENDPOINT, 100), machine.create(Kind.ENDPOINT, 101, CALLS_ONLY)
    bare = machine.create(Kind.THREAD, 102)
    note = machine.create(Kind.NOTIFICATION, 103)
    expect(machine, Error.NOT_BOUND, Call.THREAD_START, bare, 0x4000, 0, 0, 0)
    expect(machine, Error.NOT_BOUND, Call.THREAD_RESUME, bare)
    expect(machine, Error.NOT_BOUND, Call.THREAD_UNBIND, bare, Binding.SPACE)
    expect(machine, Error.BAD_ARGUMENT, Call.THREAD_UNBIND, bare, 7)
    expect(machine, Error.SELF, Call.THREAD_UNBIND, boot.OWN_THREAD, Binding.SPACE)
    expect(machine, Error.BAD_ARGUMENT, Call.THREAD_SET, bare, 256, 0)
    expect(machine, Error.BAD_ARGUMENT, Call.THREAD_REGISTERS, bare, 16)
    expect(machine, Error.BAD_ARGUMENT, Call.THREAD_WRITE, bare, 16, 0)
    expect(machine, Error.BUSY, Call.THREAD_WRITE, boot.OWN_THREAD, 8, 0)
    expect(machine, Error.BUSY, Call.THREAD_RESUME, boot.OWN_THREAD)
    expect(machine, Error.BOUND, Call.THREAD_BIND, boot.OWN_THREAD, Binding.SPACE, boot.OWN_SPACE)
    expect(machine, Error.BAD_ARGUMENT, Call.THREAD_BIND, bare, Binding.HANDLER, endpoint, 1 << 63)
    expect(machine, Error.CALLS_ONLY, Call.THREAD_BIND, bare, Binding.EXHAUSTION, calls, 0)
    expect(machine, Error.BAD_ADDRESS, Call.THREAD_START, boot.OWN_THREAD, 1 << 50, 0, 0, 0)
    worker = machine.thread(110, 5, 200, 1000)
    machine.call(Call.WAIT_UNTIL, number=int(machine.state.now) + 10)
    machine.call(Call.RECEIVE, endpoint)
    machine.advance(10)
    expect(machine, Error.BUSY, Call.THREAD_BIND, worker.handle, Binding.NOTIFICATION, note)
    machine.good(Call.THREAD_STOP, worker.handle)
    machine.good(Call.THREAD_WRITE, worker.handle, 8, 55)
    assert machine.good(Call.THREAD_REGISTERS, worker.handle, 8)[0] == 55
    machine.good(Call.THREAD_RESUME, worker.handle)
    assert machine.ended(worker, Call.RECEIVE) == Error.STOPPED
    machine.good(Call.THREAD_SET, boot.OWN_THREAD, 200, 200)
    expect(machine, Error.PRIORITY, Call.THREAD_SET, worker.handle, 201, 0)


@scene
def revocation_and_keeping_have_their_limits(machine: Machine) -> None:
    expect(machine, Error.SELF, Call.REVOKE, boot.MEMORY)
    expect(machine, Error.NO_HANDLE, Call.REVOKE, 99)
    endpoint = machine.create(Kind.ENDPOINT, 100)
    server, client = machine.thread(110, 20, 1000, 1000), machine.thread(120, 10, 1000, 1000)
    machine.sleep_root()
    machine.call(Call.RECEIVE, endpoint)
    machine.call(Call.CALL, endpoint)
    number = machine.answer(server.address).number
    expect(machine, Error.REPLY_FIRST, Call.RECEIVE, endpoint)
    expect(machine, Error.REPLY_FIRST, Call.RECEIVE_UNTIL, endpoint)
    expect(machine, Error.REPLY_FIRST, Call.WAIT_UNTIL)
    expect(machine, Error.NO_REPLY, Call.REPLY, number=number + 1)
    expect(machine, Error.NO_REPLY, Call.KEEP, 0, 130, number=number + 1)
    expect(machine, Error.FULL, Call.KEEP, 0, 2, number=number)
    expect(machine, Error.BAD_ARGUMENT, Call.KEEP, 0, 0, number=number)
    right = machine.good(Call.KEEP, 0, 130, number=number)[0]
    expect(machine, Error.WRONG_KIND, Call.REVOKE, right)
    expect(machine, Error.WRONG_KIND, Call.DERIVE, right, 0, 131, 0, 0)
    expect(machine, Error.WRONG_KIND, Call.REPLY, endpoint)
    expect(machine, Error.NO_HANDLE, Call.REPLY, 99)
    moved = machine.good(Call.MOVE, right, 0, 131)[0]
    machine.good(Call.REPLY, moved, 6)
    assert machine.ended(client, Call.CALL) is None
    machine.call(Call.RECEIVE, endpoint)
    machine.call(Call.CALL, endpoint)
    number = machine.answer(server.address).number
    machine.good(Call.THREAD_START, client.handle, 0x4000, 0, 0, 0)
    expect(machine, Error.STALE, Call.REPLY, number=number)
    machine.call(Call.RECEIVE, endpoint)
    machine.call(Call.CALL, endpoint)
    number = machine.answer(server.address).number
    machine.good(Call.KEEP, 0, 132, number=number)
    machine.good(Call.DELETE, 132)
    assert machine.ended(client, Call.CALL) == Error.SERVER_DIED
    assert machine.program.state_of(client.address) == ThreadState.READY


WAITS = (Call.CALL, Call.SEND, Call.RECEIVE, Call.REPLY_RECEIVE, Call.CALL_UNTIL, Call.SEND_UNTIL, Call.RECEIVE_UNTIL)
UNTIL = (Call.CALL_UNTIL, Call.SEND_UNTIL, Call.RECEIVE_UNTIL, Call.WAIT_UNTIL)


@scene
def waits_end_when_the_endpoint_goes_or_the_thread_is_stopped_or_time_passes(machine: Machine) -> None:
    worker = machine.thread(110, 5, 300, 1000)
    for index, call in enumerate((*WAITS, Call.WAIT_UNTIL)):
        endpoint = machine.create(Kind.ENDPOINT, 200 + index) if call != Call.WAIT_UNTIL else 0
        waiting(machine, worker, call, endpoint)
        machine.good(Call.THREAD_STOP, worker.handle)
        machine.good(Call.THREAD_RESUME, worker.handle)
        assert machine.ended(worker, call) == Error.STOPPED
        if endpoint:
            waiting(machine, worker, call, endpoint)
            machine.good(Call.DELETE, endpoint)
            assert machine.ended(worker, call) == Error.GONE
    for index, call in enumerate(UNTIL):
        endpoint = machine.create(Kind.ENDPOINT, 220 + index) if call != Call.WAIT_UNTIL else 0
        waiting(machine, worker, call, endpoint, 2000)
        machine.advance(3000)
        assert machine.ended(worker, call) == Error.TIMED_OUT


def waiting(machine: Machine, worker: Worker, call: Call, endpoint: int, ticks: int = 0) -> None:
    """Root sleeps a little, and the thread begins to wait."""
    now = int(machine.state.now)
    machine.good(Call.THREAD_START, worker.handle, 0x4000, 0, 0, 0)
    machine.call(Call.WAIT_UNTIL, number=now + 1000)
    if machine.current() == 0:
        machine.advance(999)
    assert machine.current() == worker.address
    number = (now + ticks if ticks else NEVER) if call in UNTIL else 0
    machine.call(call, endpoint, number=number)
    machine.advance(now + 1000 - int(machine.state.now))
    assert machine.current() == machine.root


@scene
def time_is_asked_for_and_missed(machine: Machine) -> None:
    calls = machine.create(Kind.ENDPOINT, 100, CALLS_ONLY, needs=500)
    plain = machine.create(Kind.ENDPOINT, 101)
    client = machine.thread(110, 10, 200, 1000)
    passive = machine.thread(120, 20, 500, 1000)
    machine.call(Call.WAIT_UNTIL, number=int(machine.state.now) + 100)
    assert machine.current() == passive.address
    machine.call(Call.WAIT_UNTIL, number=int(machine.state.now) + 50)
    for call in (Call.CALL, Call.CALL_UNTIL):
        expect(machine, Error.TOO_LITTLE, call, calls, number=NEVER)
    for call in (Call.SEND, Call.SEND_UNTIL):
        expect(machine, Error.CALLS_ONLY, call, calls, number=NEVER)
    machine.call(Call.CALL, plain)
    machine.advance(100)
    assert machine.current() == machine.root
    machine.good(Call.THREAD_UNBIND, client.handle, Binding.CONTEXT)
    assert machine.ended(client, Call.CALL) == Error.NO_CONTEXT
    machine.good(Call.THREAD_BIND, client.handle, Binding.CONTEXT, client.context)
    machine.call(Call.WAIT_UNTIL, number=int(machine.state.now) + 1)
    while machine.current() != client.address:
        machine.call(Call.WAIT_UNTIL, number=NEVER)
    machine.call(Call.CALL_UNTIL, plain, number=NEVER)
    machine.advance(10)
    machine.good(Call.THREAD_UNBIND, client.handle, Binding.CONTEXT)
    assert machine.ended(client, Call.CALL_UNTIL) == Error.NO_CONTEXT


@scene
def a_server_on_borrowed_time_may_do_little(machine: Machine) -> None:
    calls, plain = machine.create(Kind.ENDPOINT, 100, CALLS_ONLY), machine.create(Kind.ENDPOINT, 101)
    client, server = machine.thread(110, 10, 500, 1000), machine.thread(120, 20, 500, 1000)
    machine.sleep_root()
    machine.call(Call.RECEIVE, calls)
    machine.good(Call.THREAD_UNBIND, server.handle, Binding.CONTEXT)
    machine.call(Call.CALL, calls)
    assert machine.current() == server.address
    number = machine.answer(server.address).number
    expect(machine, Error.NO_CONTEXT, Call.REPLY, number=number)
    expect(machine, Error.NO_CONTEXT, Call.KEEP, 0, 130, number=number)
    expect(machine, Error.NO_CONTEXT, Call.REPLY_RECEIVE, plain, number=number)
    expect(machine, Error.BUSY, Call.THREAD_UNBIND, client.handle, Binding.CONTEXT)
    expect(machine, Error.BOUND, Call.THREAD_BIND, server.handle, Binding.CONTEXT, client.context)
    expect(machine, Error.BUSY, Call.THREAD_BIND, server.handle, Binding.CONTEXT, server.context)
    machine.good(Call.THREAD_START, client.handle, 0x4000, 0, 0, 0)
    assert machine.program.state_of(client.address) == ThreadState.READY
    machine.call(Call.REPLY_RECEIVE, calls, number=number)
    assert machine.current() == client.address
    machine.call(Call.CALL, calls)
    number = machine.answer(server.address).number
    machine.good(Call.THREAD_START, client.handle, 0x4000, 0, 0, 0)
    for call in (Call.RECEIVE, Call.RECEIVE_UNTIL, Call.WAIT_UNTIL):
        expect(machine, Error.REPLY_FIRST, call, calls, number=NEVER)


def test_a_context_that_is_used_stays_on_its_cpu() -> None:
    machine = Machine(2)
    worker = machine.thread(110, 10, 500, 1000)
    expect(machine, Error.BUSY, Call.CONTEXT_SET, worker.context, boot.MACHINE, 500, 1000, 1)
    SEEN.update(machine.seen)


@scene
def contexts_have_bounds(machine: Machine) -> None:
    one, two = machine.create(Kind.CONTEXT, 100), machine.create(Kind.CONTEXT, 101)
    expect(machine, Error.BAD_ARGUMENT, Call.CONTEXT_SET, one, boot.MACHINE, 1, 100, 0)
    expect(machine, Error.TOO_LITTLE, Call.CONTEXT_DIVIDE, boot.OWN_CONTEXT, one, 10)
    machine.good(Call.CONTEXT_SET, one, boot.MACHINE, 200, 1000, 0)
    machine.good(Call.CONTEXT_DIVIDE, one, two, 80)
    assert machine.good(Call.CONTEXT_READ, one)[0] == 120
    assert machine.good(Call.CONTEXT_READ, two)[0] == 80
    expect(machine, Error.BUSY, Call.CONTEXT_DIVIDE, boot.OWN_CONTEXT, two, 100)


@scene
def long_messages_need_a_page_and_keep_to_it(machine: Machine) -> None:
    endpoint = machine.create(Kind.ENDPOINT, 100)
    pages = machine.create(Kind.MEMORY, 101, 4 * PAGE)
    bare, paged = machine.thread(110, 20, 5000, 5000), machine.thread(120, 10, 5000, 5000)
    machine.good(Call.THREAD_BIND, paged.handle, Binding.MESSAGE_PAGE, pages, PAGE)
    machine.sleep_root()
    messages = (*WAITS, Call.REPLY)
    for call in messages:
        expect(machine, Error.NO_PAGE, call, 0 if call == Call.REPLY else endpoint, long=True, number=NEVER)
    machine.call(Call.RECEIVE, endpoint)
    page = machine.program.memory_base(machine.program.object_at(machine.root, 101)) + PAGE
    for call in (*(call for call in messages if call not in (Call.RECEIVE, Call.RECEIVE_UNTIL)), Call.REPLY):
        machine.program.poke(page, LONG_WORDS + 1)
        expect(machine, Error.BAD_ARGUMENT, call, 0 if call == Call.REPLY else endpoint, long=True, number=NEVER)
    assert bare


@scene
def the_device_ends_when_it_is_told(machine: Machine) -> None:
    with pytest.raises(Trap):
        machine.call(Call.MACHINE_STOP, boot.MACHINE, 7)
    assert machine.state.stopped and machine.state.status == 7
    machine.seen[Call.MACHINE_STOP, None] += 1


@scene
def the_device_starts_again_when_it_is_told(machine: Machine) -> None:
    with pytest.raises(Trap):
        machine.call(Call.MACHINE_RESTART, boot.MACHINE)
    assert machine.state.restarted
    machine.seen[Call.MACHINE_RESTART, None] += 1


@pytest.mark.parametrize("play", SCENES, ids=lambda play: play.__name__)
def test_a_scene(play: Scene) -> None:
    machine = Machine()
    play(machine)
    if not machine.state.stopped and not machine.state.restarted:
        machine.program.check(machine.root)
    SEEN.update(machine.seen)


def promised() -> list[tuple[Call, Error | None]]:
    """Every success and every refusal that abi/calls.py names."""
    pairs: list[tuple[Call, Error | None]] = []
    for row in CALLS:
        pairs.append((row.call, None))
        refusals = set(row.refuses)
        if row.kind is not None:
            refusals |= {Error.NO_HANDLE, Error.WRONG_KIND} | ({Error.NO_RIGHT} if row.rights else set())
        pairs += [(row.call, error) for error in refusals]
    return pairs


def test_every_call_and_every_refusal_was_reached() -> None:
    for seed in range(20):
        world = World.make(None, seed)
        for _ in range(200):
            world.step()
        SEEN.update(world.seen)
    for call in Call:
        row = {(error.name if error else "done"): SEEN[call, error] for c, error in promised() if c == call}
        print(f"{call.name:22}", " ".join(f"{name} {count}" for name, count in row.items()))
    missing = [f"{call.name} {error.name if error else 'done'}" for call, error in promised() if not SEEN[call, error]]
    assert not missing, missing
    promises = set(promised())
    surprises = {(c.name, e.name) for (c, e) in SEEN if e and (c, e) not in promises and e not in COMMON}
    assert not surprises, surprises
