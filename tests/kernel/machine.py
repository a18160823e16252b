"""The pretend machine as a test sees it: threads that make calls, a clock that is moved, and the kernel's answers."""

from __future__ import annotations

import ctypes
import os
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from abi import boot
from abi.kernel import FAILED, LONG, NEVER, SIGNALLED, Binding, Call, Error, Kind
from metal.compiler.build import Built, build_program
from metal.compiler.harness import Program, host_request
from metal.compiler.options import Options

HERE = Path(__file__).resolve().parent
MEMORY_BYTES = 4 << 20
TRIES = 5000
CHANGED = "MOTET_CHANGED_KERNEL"
MASK = (1 << 64) - 1
REPLACE = {"kernel.arch.chosen": "kernel.arch.host", "kernel.chips.chosen": "kernel.chips.host"}


@dataclass(frozen=True)
class Answer:
    """What a thread finds in its registers after a call."""

    status: int
    number: int
    words: tuple[int, ...]

    @property
    def error(self) -> Error | None:
        """The error, if the call failed."""
        code = self.status & 0xFFFF
        assert not self.status & FAILED or code in list(Error), f"a failed call says {code}, which is no error"
        return Error(code) if self.status & FAILED else None

    @property
    def signalled(self) -> bool:
        """Whether bits of a notification came instead of a message."""
        return bool(self.status & SIGNALLED) and not self.status & FAILED


@cache
def built(cpus: int, roots: tuple[Path, ...] = ()) -> Built:
    """The kernel with the pretend machine, compiled."""
    options = Options(kernel=True, replace=REPLACE, define={"kernel.limits.CPUS": cpus})
    return build_program(host_request(HERE / "pretend.py", options=options, roots=roots))


def compiled(cpus: int = 1) -> Program:
    """The kernel with the pretend machine, loaded afresh; changed sources come first when there are some."""
    changed = os.environ.get(CHANGED)
    return Program(built(cpus, (Path(changed),) if changed else ()))


@dataclass(frozen=True)
class Worker:
    """A thread that a test made."""

    handle: int
    address: int
    context: int


class Machine:
    """One run of the kernel."""

    def __init__(self, cpus: int = 1, program: Program | None = None, memory: int = MEMORY_BYTES) -> None:
        self.program = program or compiled(cpus)
        self.cpus = cpus
        self.seen: Counter[tuple[Call, Error | None]] = Counter()
        self.store = ctypes.create_string_buffer(memory + 4096)
        self.base = -(-ctypes.addressof(self.store) // 4096) * 4096
        ctypes.memset(self.base, 0xAA, memory)
        self.state = self.program.global_at("kernel.arch.host.machine.machine")
        self.root: int = self.program.begin(self.base, memory)

    def current(self, cpu: int = 0) -> int:
        """The thread that runs, by address; 0: nobody."""
        thread: int = self.program.current(cpu)
        return thread

    def answer(self, thread: int) -> Answer:
        """What stands in a thread's registers."""
        words = tuple(self.program.word_of(thread, index) for index in range(8))
        return Answer(self.program.status_of(thread), self.program.number_of(thread), words)

    def call(
        self, call: Call, handle: int = 0, *words: int, number: int = 0, cpu: int = 0, long: bool = False
    ) -> Answer:
        """Let the thread that runs make a call, again as long as the kernel says so; what it finds then."""
        thread = self.current(cpu)
        assert thread, "nobody runs"
        operation = int(call) | (LONG if long else 0)
        padded = [*(word & MASK for word in words), *([0] * (8 - len(words)))]
        before = self.program.pc_of(thread)
        self.program.call(cpu, operation, handle, number & MASK, padded)
        for _ in range(TRIES):
            if self.current(cpu) != thread or self.program.pc_of(thread) != before:
                break
            self.program.call_again(cpu, operation)
        if self.current(cpu) == thread:
            self.seen[call, self.answer(thread).error] += 1
        return self.answer(thread)

    def ended(self, worker: Worker, call: Call) -> Error | None:
        """How a call ended that a thread had to wait for."""
        error = self.answer(worker.address).error
        self.seen[call, error] += 1
        return error

    def good(self, call: Call, handle: int = 0, *words: int, **others: Any) -> tuple[int, ...]:
        """A call that must succeed: its words."""
        answer = self.call(call, handle, *words, **others)
        assert answer.error is None, f"{call.name}: {answer.error!r}"
        return answer.words

    def create(self, kind: int, slot: int, size: int = 0, needs: int = 0, memory: int = boot.MEMORY) -> int:
        """Make an object; its handle."""
        return self.good(Call.CREATE, memory, kind, size, 0, slot, needs)[0]

    def thread(
        self, slot: int, priority: int, budget: int = 0, period: int = 0, cpu: int = 0, start: bool = True
    ) -> Worker:
        """A thread in root's space and table, at slot and slot + 1 (its context, when it has a budget)."""
        handle = self.create(Kind.THREAD, slot)
        address = self.program.object_at(self.root, slot)
        self.good(Call.THREAD_BIND, handle, Binding.SPACE, boot.OWN_SPACE)
        self.good(Call.THREAD_BIND, handle, Binding.TABLE, boot.OWN_TABLE)
        self.good(Call.THREAD_SET, handle, priority, priority)
        context = 0
        if budget:
            context = self.create(Kind.CONTEXT, slot + 1)
            self.good(Call.CONTEXT_SET, context, boot.MACHINE, budget, period, cpu)
            self.good(Call.THREAD_BIND, handle, Binding.CONTEXT, context)
        if start:
            self.good(Call.THREAD_START, handle, 0x4000, 0x5000, 0, 0)
        return Worker(handle, address, context)

    def sleep_root(self) -> None:
        """Root waits for ever, so that the others run."""
        assert self.current() == self.root
        self.call(Call.WAIT_UNTIL, number=NEVER)

    def advance(self, ticks: int) -> None:
        """Time passes, and every CPU takes the interrupts it gets."""
        self.state.now = self.state.now + ticks
        self.settle()

    def settle(self) -> None:
        """Let every CPU take what waits for it."""
        for _ in range(64):
            waiting = [cpu for cpu in range(self.cpus) if self.program.wants_interrupt(cpu)]
            if not waiting:
                return
            for cpu in waiting:
                self.program.interrupt(cpu)
        raise AssertionError("interrupts do not end")
