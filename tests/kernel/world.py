"""A small world for random tests: threads of several sorts, what they share, and every call with likely arguments."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from abi import boot
from abi.kernel import (
    CALLS_ONLY,
    EXECUTE,
    NEVER,
    NO_HANDLE,
    READ,
    WRITE,
    Binding,
    Call,
    Error,
    Kind,
    MessagePage,
    ThreadState,
)
from metal.compiler.harness import Program
from metal.types.records import layout_of
from tests.kernel.machine import Machine, Worker

PAGE = 4096
PAGES_AT = 0x40_0000
MESSAGE = layout_of(MessagePage)
ENDPOINT, CALLS, NOTE, OTHER_NOTE, POOL, SHOWN, TABLE, SPACE, SPARE, LINE, SHARED = range(20, 31)
WEAK = range(31, 40)
FIRST_THREAD = 40
FREE = range(80, 120)
MESSAGES = (
    Call.CALL, Call.SEND, Call.RECEIVE, Call.REPLY, Call.REPLY_RECEIVE, Call.CALL_UNTIL, Call.SEND_UNTIL,
    Call.RECEIVE_UNTIL,
)  # fmt: skip
LAST = (Call.MACHINE_STOP, Call.MACHINE_RESTART)
MAKERS = (Call.CREATE, Call.DERIVE, Call.MOVE, Call.KEEP, Call.MACHINE_DEVICE, Call.MACHINE_INTERRUPT)
BLOCKING = (*MESSAGES, Call.WAIT_UNTIL)
HARSH = (
    Call.REVOKE, Call.DELETE, Call.THREAD_STOP, Call.THREAD_START, Call.THREAD_UNBIND, Call.CONTEXT_SET, Call.MOVE,
    Call.CONTEXT_DIVIDE, Call.THREAD_SET,
)  # fmt: skip
CHOICES = [call for call in Call if call not in LAST and call not in HARSH] + [*MESSAGES] * 2


@dataclass
class World:
    """One run: the machine, and how often each call ended how."""

    machine: Machine
    random: random.Random
    seen: Counter[tuple[Call, Error | None]] = field(default_factory=Counter[tuple[Call, Error | None]])
    threads: list[Worker] = field(default_factory=list[Worker])
    trace: list[str] = field(default_factory=list[str])
    pending: dict[int, Call] = field(default_factory=dict[int, Call])
    handles: list[int] = field(default_factory=list[int])
    made: list[int] = field(default_factory=list[int])
    numbers: list[int] = field(default_factory=lambda: [0, 1, 2])

    @classmethod
    def make(cls, program: Program | None, seed: int, cpus: int = 1) -> World:
        """Root makes everything, then sleeps now and then."""
        machine = Machine(cpus, program)
        world = cls(machine, random.Random(seed))
        world.furnish()
        return world

    def furnish(self) -> None:
        """Objects at known slots."""
        machine = self.machine
        machine.create(Kind.ENDPOINT, ENDPOINT)
        machine.create(Kind.ENDPOINT, CALLS, CALLS_ONLY, needs=self.random.choice([0, 0, 100]))
        machine.create(Kind.NOTIFICATION, NOTE)
        machine.create(Kind.NOTIFICATION, OTHER_NOTE)
        machine.create(Kind.MEMORY, POOL, 40 * PAGE)
        machine.create(Kind.MEMORY, SHOWN, 24 * PAGE)
        machine.create(Kind.MEMORY, SHARED, 8 * PAGE)
        machine.create(Kind.TABLE, TABLE, 16, memory=POOL)
        machine.create(Kind.SPACE, SPACE)
        machine.create(Kind.CONTEXT, SPARE, 2)
        machine.good(Call.MACHINE_INTERRUPT, boot.MACHINE, boot.MEMORY, 8, 0, LINE, 0)
        for index in range(6):
            self.make_thread(index)
        whole = (ENDPOINT, NOTE, POOL, TABLE, SPACE, SPARE, LINE, FIRST_THREAD, boot.MACHINE)
        for weak, handle in zip(WEAK, whole, strict=True):
            machine.good(Call.DERIVE, handle, 0, weak, 0, 0)
        self.handles = [
            *WEAK,
            NO_HANDLE, boot.OWN_TABLE, boot.OWN_SPACE, boot.OWN_CONTEXT, boot.MACHINE, ENDPOINT, CALLS,
            NOTE, OTHER_NOTE, POOL, SHOWN, TABLE, SPACE, SPARE, LINE, SHARED, 79,
        ]  # fmt: skip
        for worker in self.threads:
            self.handles += [worker.handle, *([worker.context] if worker.context else [])]

    def make_thread(self, index: int) -> None:
        """Threads 0 to 3 have time of their own, 4 and 5 serve on their callers'."""
        machine = self.machine
        slot = FIRST_THREAD + 4 * index
        cpu = index % machine.cpus
        budget = (300, 1000) if index < 4 else (0, 0)
        worker = machine.thread(slot, 10 + index, *budget, cpu=cpu, start=False)
        machine.good(Call.THREAD_BIND, worker.handle, Binding.MESSAGE_PAGE, SHOWN, index * PAGE)
        if index % 2 == 0:
            machine.good(Call.THREAD_BIND, worker.handle, Binding.HANDLER, ENDPOINT, 60 + index)
        if index == 0:
            machine.good(Call.THREAD_BIND, worker.handle, Binding.EXHAUSTION, ENDPOINT, 50)
        if index in (1, 4):
            machine.good(Call.THREAD_BIND, worker.handle, Binding.NOTIFICATION, NOTE if index == 1 else OTHER_NOTE)
        machine.good(Call.THREAD_START, worker.handle, 0x4000, 0x5000, 0, 0)
        self.threads.append(worker)

    def any_handle(self, *likely: int) -> int:
        """Mostly a handle that fits."""
        if likely and self.random.random() < 0.93:
            return self.random.choice(likely)
        return self.random.choice([*self.handles, *self.made, 1 << 33, 119])

    def slot(self) -> int:
        """Mostly an empty slot."""
        return self.random.choice([*FREE, *FREE, 0, ENDPOINT, 5000, 300, 2, 3, 4, 5])

    def deadline(self) -> int:
        """Past, near, or never."""
        now = int(self.machine.state.now)
        return self.random.choice([0, now, now + 1, now + 100, now + 5000, NEVER])

    def words(self, call: Call) -> tuple[int, list[int], int]:
        """A handle, words and a number for a call."""
        pick, some = self.random.choice, self.any_handle
        endpoints, notes = (ENDPOINT, CALLS), (NOTE, OTHER_NOTE)
        threads = tuple(worker.handle for worker in self.threads)
        contexts = (boot.OWN_CONTEXT, SPARE, *(worker.context for worker in self.threads if worker.context))
        made = tuple(self.made[-6:]) or (119,)
        memories = (boot.MEMORY, POOL, SHOWN, SHARED, SHARED, *made)
        tables = (0, 0, 0, TABLE)
        number = pick(self.numbers)
        match call:
            case Call.CALL | Call.SEND | Call.RECEIVE | Call.REPLY_RECEIVE:
                return some(*endpoints), [self.random.getrandbits(20) for _ in range(8)], number
            case Call.CALL_UNTIL | Call.SEND_UNTIL | Call.RECEIVE_UNTIL:
                return some(*endpoints), [7] * 8, self.deadline()
            case Call.REPLY:
                return pick([0, 0, 0, some(*made)]), [5], number
            case Call.KEEP:
                return 0, [self.slot()], number
            case Call.WAIT_UNTIL:
                return 0, [], self.deadline()
            case Call.SIGNAL | Call.POLL:
                return some(*notes), [pick([1, 2, 4])], 0
            case Call.PRINT:
                return some(boot.MACHINE), [pick([0, 3, 56, 57])], 0
            case Call.DERIVE:
                handle = some(*endpoints, *notes, *memories, TABLE, *made)
                return handle, [some(*tables), self.slot(), pick([1, 3, 7, 255, 256]), pick([0, 0, 9, 1 << 63])], 0
            case Call.MOVE:
                return some(*made, *made, *endpoints), [some(*tables), self.slot()], 0
            case Call.DELETE | Call.IDENTIFY:
                return some(*made, *made, pick(self.handles)), [], 0
            case Call.REVOKE:
                return some(*made, *made, *made, *endpoints, *notes, POOL, SHARED, TABLE, *threads, *contexts), [], 0
            case Call.CREATE:
                sizes = [0, 1, 2, 8, 16, PAGE, 3 * PAGE, 5 * PAGE, 1 << 40]
                return (
                    some(boot.MEMORY, POOL, POOL, SHARED),
                    [
                        pick(range(10)),
                        pick(sizes),
                        some(*tables),
                        self.slot(),
                        pick([0, 0, 0, 50]),
                    ],
                    0,
                )
            case Call.RECLAIM | Call.MEMORY_READ:
                return some(*memories), [], 0
            case Call.MAP:
                address = PAGES_AT + PAGE * pick([0, 1, 4, 8, 511, 512, 1 << 18, 1 << 30])
                length = PAGE * pick([1, 1, 2, 8, 20, 25])
                access = pick([READ, READ | WRITE, READ | EXECUTE, 6, 0, 9])
                offset = PAGE * pick([0, 0, 1, 8])
                return some(boot.OWN_SPACE, SPACE), [some(*memories), offset, address, length, access], 0
            case Call.UNMAP:
                return some(boot.OWN_SPACE, SPACE), [PAGES_AT + PAGE * pick([0, 1, 4, 8, 511, 512])], 0
            case Call.THREAD_BIND:
                what = pick([*Binding, 7])
                choices: dict[int, tuple[int, ...]] = {
                    Binding.SPACE: (boot.OWN_SPACE, SPACE),
                    Binding.TABLE: (boot.OWN_TABLE, TABLE),
                    Binding.CONTEXT: contexts,
                    Binding.HANDLER: endpoints,
                    Binding.EXHAUSTION: endpoints,
                    Binding.NOTIFICATION: notes,
                    Binding.MESSAGE_PAGE: (SHOWN, SHARED, POOL),
                }
                return some(*threads), [what, some(*choices.get(what, (0,))), pick([0, 0, PAGE, 3, 1 << 63])], 0
            case Call.THREAD_UNBIND:
                return some(*threads), [pick([*Binding, 7])], 0
            case Call.THREAD_SET:
                return some(*threads), [pick([5, 10, 15, 20, 255, 256]), pick([20, 255])], 0
            case Call.THREAD_START:
                return some(*threads), [pick([0x4000, 1 << 50]), 0x5000, 1, 2], 0
            case Call.THREAD_STOP | Call.THREAD_RESUME | Call.THREAD_READ:
                return some(*threads), [], 0
            case Call.THREAD_REGISTERS | Call.THREAD_WRITE:
                return some(*threads), [pick([0, 1, 8, 15, 16]), 77], 0
            case Call.CONTEXT_SET:
                return (
                    some(*contexts),
                    [
                        some(boot.MACHINE),
                        pick([10, 64, 200, 300]),
                        pick([100, 300, 1000]),
                        pick([0, 0, 0, 1, 9]),
                    ],
                    0,
                )
            case Call.CONTEXT_DIVIDE:
                return some(*contexts), [some(*contexts, *made), pick([10, 64, 100, 5000])], 0
            case Call.CONTEXT_READ:
                return some(*contexts), [], 0
            case Call.INTERRUPT_BIND:
                return some(LINE, *made), [some(*notes), pick([0, 1, 16])], 0
            case Call.INTERRUPT_UNBIND | Call.INTERRUPT_ACKNOWLEDGE:
                return some(LINE, *made), [], 0
            case Call.MACHINE_INTERRUPT:
                payer, line = some(boot.MEMORY, POOL, SHOWN), pick([3, 8, 9, 10, 99])
                return some(boot.MACHINE), [payer, line, 0, self.slot(), pick([0, 1, 2])], 0
            case Call.MACHINE_DEVICE:
                return (
                    some(boot.MACHINE),
                    [
                        some(boot.MEMORY, POOL, SHOWN),
                        pick([PAGE, 5, self.machine.base]),
                        0,
                        self.slot(),
                        pick([PAGE, 8, 0]),
                        pick([0, 0, 1, 2]),
                    ],
                    0,
                )
            case Call.PORT_READ | Call.PORT_WRITE:
                return some(*memories, *made), [pick([0, 1, 7]), pick([1, 2, 4, 8]), 5], 0
            case Call.MACHINE_PHYSICAL:
                return some(boot.MACHINE), [some(*memories)], 0
            case Call.MACHINE_READ:
                return some(boot.MACHINE), [pick([0, 1, 9])], 0
            case _:
                return some(boot.MACHINE, *made), [], 0

    def step(self) -> None:
        """One thing happens, on one CPU; then everything must hold."""
        machine = self.machine
        cpu = self.random.randrange(machine.cpus)
        machine.state.cpu = cpu
        running = machine.current(cpu)
        dice = self.random.random()
        if machine.program.wants_interrupt(cpu) and (not running or dice < 0.5):
            self.trace.append(f"{cpu}: interrupt")
            machine.program.interrupt(cpu)
        elif not running or dice < 0.05:
            self.pass_time(cpu)
        elif dice < 0.07:
            self.trace.append(f"{cpu}: fault")
            machine.program.fault(cpu, self.random.choice([1, 2, 3, 9]), 0x1234)
        elif dice < 0.12:
            self.use_memory(cpu)
        else:
            self.act(cpu, running)
        self.resolve()
        machine.program.check(machine.root)

    def act(self, cpu: int, running: int) -> None:
        """A thread does one thing; root, when it runs, starts those that ended, and sleeps again."""
        if running != self.machine.root or self.random.random() < 0.8:
            harsh = self.random.random() < 0.08
            call = self.random.choice(HARSH if harsh else CHOICES)
            if running != self.machine.root or call not in BLOCKING:
                self.make_call(cpu, call)
            return
        self.trace.append(f"{cpu}: root starts who ended")
        alive = self.machine.program.object_at
        for index, worker in enumerate(self.threads):
            if alive(self.machine.root, worker.handle) == worker.address:
                state = self.machine.program.state_of(worker.address)
                if state == ThreadState.STOPPED or self.random.random() < 0.1:
                    self.machine.call(Call.THREAD_START, worker.handle, 0x4000, 0x5000, cpu=cpu)
                if self.random.random() < 0.5:
                    self.bind_again(worker, index, cpu)
        until = int(self.machine.state.now) + self.random.choice([50, 500, 1500])
        self.machine.call(Call.WAIT_UNTIL, number=until, cpu=cpu)

    def bind_again(self, worker: Worker, index: int, cpu: int) -> None:
        """Root gives a thread again what it may have lost."""
        call = self.machine.call
        call(Call.THREAD_BIND, worker.handle, Binding.SPACE, boot.OWN_SPACE, cpu=cpu)
        call(Call.THREAD_BIND, worker.handle, Binding.TABLE, boot.OWN_TABLE, cpu=cpu)
        if worker.context:
            call(Call.CONTEXT_SET, worker.context, boot.MACHINE, 300, 1000, index % self.machine.cpus, cpu=cpu)
            call(Call.THREAD_BIND, worker.handle, Binding.CONTEXT, worker.context, cpu=cpu)
        call(Call.THREAD_SET, worker.handle, 10 + index, 100, cpu=cpu)
        call(Call.THREAD_BIND, worker.handle, Binding.MESSAGE_PAGE, SHOWN, index * PAGE, cpu=cpu)

    def pass_time(self, cpu: int) -> None:
        """The clock goes on, perhaps to the next thing that is due; or a device interrupts."""
        machine = self.machine
        if self.random.random() < 0.3:
            machine.state.pending = machine.state.pending | 1 << 8
        deadline = int(machine.state.processors[cpu].deadline)
        now = int(machine.state.now)
        near = deadline - now if now < deadline < now + 100_000 else 1
        ticks = self.random.choice([1, 20, near, near, near, near, near])
        self.trace.append(f"{cpu}: {ticks} ticks")
        machine.state.now = now + ticks
        if machine.program.wants_interrupt(cpu):
            machine.program.interrupt(cpu)

    def use_memory(self, cpu: int) -> None:
        """The thread uses addresses, so that its CPU remembers translations; some are filled into its message page."""
        for page in (0, 1, 4, 8):
            self.machine.program.touch(cpu, PAGES_AT + page * PAGE)
        offset = self.random.randrange(6) * PAGE
        if self.machine.program.object_at(self.machine.root, SHOWN):
            base = self.machine.program.memory_base(self.machine.program.object_at(self.machine.root, SHOWN)) + offset
            page = self.fill_page()
            for place, value in page.items():
                self.machine.program.poke(base + place, value)

    def fill_page(self) -> dict[int, int]:
        """What a program writes into its message page."""
        pick = self.random.choice
        counts = pick([0, 1, 30, 480, 481]) | pick([0, 1, 4, 5]) << 32
        page = {0: counts}
        for index in range(4):
            page[MESSAGE.offsets["handles"] + 8 * index] = self.any_handle(NOTE, ENDPOINT, *FREE)
            page[MESSAGE.offsets["rights"] + 8 * index] = pick([1, 255])
            page[MESSAGE.offsets["slots"] + 8 * index] = self.slot()
        return page

    def make_call(self, cpu: int, call: Call) -> None:
        """The running thread makes a call; with little patience the kernel is interrupted in the middle of it."""
        machine = self.machine
        handle, words, number = self.words(call)
        if call in (Call.DELETE, Call.MOVE) and handle < ENDPOINT:
            handle = self.made[-1] if self.made else 119
        long = call in MESSAGES and self.random.random() < 0.3
        machine.state.patience = self.random.choice([0, 0, 1, 2])
        thread = machine.current(cpu)
        self.trace.append(f"{cpu}: {call.name}{' long' if long else ''} {handle} {words} {number}")
        answer = machine.call(call, handle, *words, number=number, cpu=cpu, long=long)
        machine.state.patience = 0
        if answer.error is None and call in MAKERS and machine.current(cpu) == thread:
            self.made = [*self.made[-20:], answer.words[0]]
        if answer.number:
            self.numbers = [0, 1, answer.number, answer.number, self.numbers[-1]]
        self.pending[thread] = call
        self.resolve()

    def resolve(self) -> None:
        """Count how calls ended, those that waited too."""
        program, root = self.machine.program, self.machine.root
        alive = {worker.address for worker in self.threads if program.object_at(root, worker.handle) == worker.address}
        for thread, call in list(self.pending.items()):
            state = program.state_of(thread) if thread in alive or thread == root else ThreadState.DEAD
            if state == ThreadState.READY:
                self.seen[call, self.machine.answer(thread).error] += 1
            if state in (ThreadState.READY, ThreadState.DEAD, ThreadState.STOPPED):
                del self.pending[thread]
