"""The compiled kernel and the model do the same, whatever several threads do: Hypothesis looks for a difference."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from abi.kernel import CALLS_ONLY, FAILED, NEVER, SIGNALLED, Binding, Call, Error, Kind
from metal.compiler.harness import Trap
from tests.kernel.machine import Machine, Worker
from tests.kernel.model import READY, STOPPED, Context, Endpoint, Model, Notification, Refused, Thread

ENDPOINT, CALLS, NOTE, OTHER, SPARE = 20, 21, 22, 23, 24
BUDGET = 1 << 30
NAMES = "PQABSD"
KEPT = (130, 131)
SEEN: Counter[str] = Counter()
ACTIONS: Final = (
    "call", "call", "call", "send", "receive", "receive", "wait", "reply_receive", "reply_receive", "reply_receive",
    "reply", "keep", "reply_kept", "drop_kept", "signal", "poll", "fault", "start", "stop", "resume", "bind", "unbind",
    "advance", "sleep", "sleep", "call", "receive", "reply", "signal",
)  # fmt: skip
Step = tuple[str, int, int, int]
Described = tuple[Call, int, list[int], int]


@dataclass
class Pair:
    """A machine and a model that are led through the same steps."""

    machine: Machine = field(default_factory=Machine)
    model: Model = field(default_factory=Model)
    workers: list[Worker] = field(default_factory=list[Worker])
    numbers: dict[int, int] = field(default_factory=dict[int, int])
    handles: dict[int, int] = field(default_factory=dict[int, int])

    def __post_init__(self) -> None:
        machine, model = self.machine, self.model
        machine.create(Kind.ENDPOINT, ENDPOINT)
        machine.create(Kind.ENDPOINT, CALLS, CALLS_ONLY)
        machine.create(Kind.NOTIFICATION, NOTE)
        machine.create(Kind.NOTIFICATION, OTHER)
        machine.create(Kind.CONTEXT, SPARE)
        machine.good(Call.CONTEXT_SET, SPARE, 5, BUDGET, BUDGET, 0)
        self.endpoints = (Endpoint(), Endpoint(calls_only=True))
        self.notes = (Notification(), Notification())
        self.spare = Context()
        model.contexts.append(self.spare)
        for index, name in enumerate(NAMES):
            worker = machine.thread(40 + 2 * index, 20 - index, BUDGET, BUDGET)
            thread = Thread(name, 20 - index)
            context = Context(home=thread, user=thread)
            thread.home = thread.context = context
            model.contexts.append(context)
            model.threads.append(thread)
            self.workers.append(worker)
        for index, badge in ((0, 71), (2, 72)):
            machine.good(Call.THREAD_BIND, self.workers[index].handle, Binding.HANDLER, ENDPOINT, badge)
            model.threads[index].handler, model.threads[index].handler_badge = self.endpoints[0], badge
        for index, note in ((1, 0), (3, 1)):
            machine.good(Call.THREAD_BIND, self.workers[index].handle, Binding.NOTIFICATION, NOTE + note)
            model.threads[index].note, self.notes[note].thread = self.notes[note], model.threads[index]
        machine.sleep_root()
        for _ in range(2):
            self.step(("receive", 1, 2, 0))
        for index in range(2):
            self.step(("unbind", index, 0, 0))

    def step(self, step: Step) -> None:
        """One step in both; then both are compared."""
        action, a, b, c = step
        thread = self.model.current()
        if thread is None or action == "advance":
            ticks = (1, 60, 200)[c % 3]
            self.model.advance(ticks)
            self.machine.advance(ticks)
        else:
            self.act(action, a, b, c, thread)
        self.compare(step)

    def act(self, action: str, a: int, b: int, c: int, thread: Thread) -> None:
        """The running thread acts, in the model and on the machine."""
        worker = self.workers[self.model.threads.index(thread)]
        other = self.model.threads[a % len(self.workers)]
        status: int | None = None
        number = self.number_of(thread) if c % 8 else 999_999_999
        named = bool(c % 8) and thread.right is not None
        call, handle, words, number = self.describe(action, a, b, c, number)
        try:
            if action in ("reply_kept", "drop_kept") and KEPT[a % 2] not in self.model.kept:
                return
            self.predict(action, a, b, c, thread, other, named)
        except Refused as refused:
            thread.status = refused.error
            status = int(refused.error)
        SEEN[f"{action} {thread.status.name if isinstance(thread.status, Error) and status else 'done'}"] += 1
        if action == "fault":
            self.machine.program.fault(0, 2, 0x1000)
        else:
            answer = self.machine.call(call, handle, *words, number=number)
            if action == "keep" and answer.error is None:
                self.handles[KEPT[a % 2]] = answer.words[0]
        assert worker.address

    def number_of(self, thread: Thread) -> int:
        """The kernel's number for what stands in a thread's reply register."""
        return self.numbers.get(thread.right.number, 1) if thread.right is not None else 1

    def deadline(self, b: int) -> tuple[int | None, int]:
        """A deadline as the model and the kernel write it."""
        near = self.model.now + 50
        when = (0, near, None, near, near)[b % 5]
        return when, NEVER if when is None else when

    def describe(self, action: str, a: int, b: int, c: int, number: int) -> Described:
        """An action as a call: operation, handle, words, number."""
        endpoint, until = (ENDPOINT, CALLS)[a % 2], self.deadline(b)[1]
        other = self.workers[a % len(self.workers)].handle
        kept = self.handles.get(KEPT[a % 2], 0)
        table: dict[str, Described] = {
            "call": (Call.CALL_UNTIL, endpoint, [c], until), "send": (Call.SEND_UNTIL, endpoint, [c], until),
            "receive": (Call.RECEIVE_UNTIL, endpoint, [], until), "wait": (Call.WAIT_UNTIL, 0, [], until),
            "reply_receive": (Call.REPLY_RECEIVE, endpoint, [c], number), "reply": (Call.REPLY, 0, [c], number),
            "keep": (Call.KEEP, 0, [KEPT[a % 2]], number), "reply_kept": (Call.REPLY, kept, [c], 0),
            "drop_kept": (Call.DELETE, kept, [], 0), "signal": (Call.SIGNAL, NOTE + a % 2, [1 << b % 8], 0),
            "poll": (Call.POLL, NOTE + a % 2, [], 0), "start": (Call.THREAD_START, other, [0x4000, 0, 0, 0], 0),
            "stop": (Call.THREAD_STOP, other, [], 0), "resume": (Call.THREAD_RESUME, other, [], 0),
            "bind": (Call.THREAD_BIND, other, [Binding.CONTEXT, self.context(b), 0], 0),
            "unbind": (Call.THREAD_UNBIND, other, [Binding.CONTEXT], 0), "fault": (Call.CLOCK, 0, [], 0),
            "sleep": (Call.WAIT_UNTIL, 0, [], self.model.now + 50), "advance": (Call.CLOCK, 0, [], 0),
        }  # fmt: skip
        return table[action]

    def context(self, b: int) -> int:
        """The handle of a context."""
        return (SPARE, *(worker.context for worker in self.workers))[b % (len(self.workers) + 1)]

    def predict(self, action: str, a: int, b: int, c: int, thread: Thread, other: Thread, named: bool) -> None:
        """The same action in the model."""
        model, endpoint, until = self.model, self.endpoints[a % 2], self.deadline(b)[0]
        match action:
            case "call" | "send":
                model.send(thread, endpoint, action == "call", until, c)
            case "receive":
                model.receive(thread, endpoint, until)
            case "wait":
                model.receive(thread, None, until)
            case "sleep":
                model.receive(thread, None, model.now + 50)
            case "reply_receive":
                model.reply_receive(thread, endpoint, named, c)
            case "reply":
                model.reply(thread, named, c)
            case "keep":
                model.keep(thread, named, KEPT[a % 2])
            case "reply_kept":
                model.reply_kept(thread, KEPT[a % 2], c)
            case "drop_kept":
                model.drop_kept(thread, KEPT[a % 2])
            case "signal":
                model.signal(thread, self.notes[a % 2], 1 << b % 8)
            case "poll":
                thread.status, thread.received = 0, self.notes[a % 2].word
                self.notes[a % 2].word = 0
            case "fault":
                model.do_fault(thread)
            case "start":
                model.start(thread, other)
            case "stop":
                model.stop(thread, other)
            case "resume":
                model.resume(thread, other)
            case "bind":
                model.bind_context(thread, other, model.contexts[b % (len(self.workers) + 1)])
            case _:
                model.unbind_context(thread, other)

    def compare(self, step: Step) -> None:
        """Every thread is as the model says, and so is who runs."""
        program = self.machine.program
        for thread, worker in zip(self.model.threads, self.workers, strict=True):
            where = f"{thread.name} after {step}"
            assert program.state_of(worker.address) == thread.state, where
            assert program.has_time(worker.address) == (thread.context is not None), where
            assert (program.fault_of(worker.address) != 0) == thread.fault, where
            right = thread.right
            caller = 0
            if right is not None and not right.stale:
                caller = self.workers[self.model.threads.index(right.caller)].address
                if right.number not in self.numbers:
                    self.numbers[right.number] = program.number_of(worker.address)
            assert program.caller_of(worker.address) == caller, where
            if thread.state == READY and thread.status is not None:
                self.compare_status(thread, worker, where)
        running = self.model.current()
        expected = 0 if running is None else self.workers[self.model.threads.index(running)].address
        assert self.machine.current() == expected, f"who runs after {step}"
        program.check(self.machine.root)

    def compare_status(self, thread: Thread, worker: Worker, where: str) -> None:
        """What a thread finds in its registers."""
        answer = self.machine.answer(worker.address)
        status = thread.status
        if isinstance(status, Error):
            assert answer.status == FAILED | status, f"{where}: {answer.error!r} instead of {status!r}"
        else:
            assert answer.status == status, where
            if thread.received is not None and status in (0, SIGNALLED):
                assert answer.words[0] == thread.received, where
        thread.status = thread.received = None


SLOW = (HealthCheck.too_slow, HealthCheck.large_base_example)
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 11), st.integers(0, 20), st.integers(0, 1000)),
    min_size=20, max_size=60,
)  # fmt: skip
WALKS, LENGTH = 80, 120


def run(steps: list[Step]) -> None:
    """Both through all steps."""
    pair = Pair()
    for step in steps:
        pair.step(step)


def test_long_random_runs_agree() -> None:
    for seed in range(WALKS):
        dice = random.Random(seed)
        steps: list[Step] = []
        pair = Pair()
        try:
            for _ in range(LENGTH):
                steps.append((dice.choice(ACTIONS), dice.randrange(12), dice.randrange(21), dice.randrange(1000)))
                pair.step(steps[-1])
        except (AssertionError, Trap) as difference:
            pytest.fail(f"seed {seed}: {difference}\n" + "\n".join(map(str, steps[-12:])))


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW, derandomize=True, database=None)
@example([("call", 1, 2, 5), ("reply_receive", 1, 0, 7)])
@given(STEPS)
def test_kernel_and_model_agree(steps: list[Step]) -> None:
    run(steps)


def test_every_action_was_done_and_refused_in_every_way() -> None:
    for name in sorted(SEEN):
        print(f"{SEEN[name]:6} {name}")
    assert STOPPED is not READY
    done = {name.split()[0] for name in SEEN if name.endswith("done")}
    assert done >= set(ACTIONS) - {"advance"}, set(ACTIONS) - done
