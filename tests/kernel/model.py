"""The kernel's rules for threads, endpoints, reply rights, notifications and lent contexts, as plain Python.

It is small enough to be read and agreed with: lists for queues, one object for each thread. Time passes only for
time-outs; contexts are never exhausted here. Priorities differ, so that who runs is never in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from abi.kernel import SIGNALLED, Error, ThreadState

READY, STOPPED = ThreadState.READY, ThreadState.STOPPED
SENDING, CALLING, RECEIVING = ThreadState.SENDING, ThreadState.CALLING, ThreadState.RECEIVING
AWAITING = ThreadState.AWAITING_REPLY
Status = Error | int | None
"""What stands where the handle was: an error, a badge or SIGNALLED; None: the registers are not looked at."""


class Refused(Exception):
    """The first half of an operation said no; nothing has changed."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.name)
        self.error = error


@dataclass(eq=False)
class Right:
    """The right to answer one call; stale when its caller left."""

    caller: Thread
    number: int

    @property
    def stale(self) -> bool:
        return self.caller.state != AWAITING or self.caller.number != self.number


@dataclass(eq=False)
class Context:
    """Time: whose it is, who uses it, and who lent it on, the innermost last."""

    home: Thread | None = None
    user: Thread | None = None
    lenders: list[Thread] = field(default_factory=list["Thread"])


@dataclass(eq=False)
class Notification:
    """A word of bits and the thread that waits for it."""

    word: int = 0
    thread: Thread | None = None


@dataclass(eq=False)
class Endpoint:
    """Two queues, of which one is empty."""

    calls_only: bool = False
    senders: list[Thread] = field(default_factory=list["Thread"])
    receivers: list[Thread] = field(default_factory=list["Thread"])


@dataclass(eq=False)
class Thread:
    """Everything about a thread."""

    name: str
    priority: int
    state: ThreadState = READY
    endpoint: Endpoint | None = None
    deadline: int | None = None
    number: int = 0
    right: Right | None = None
    note: Notification | None = None
    home: Context | None = None
    context: Context | None = None
    handler: Endpoint | None = None
    handler_badge: int = 0
    fault: bool = False
    word: int = 0  # the message it sends
    status: Status = None
    received: int | None = None

    @property
    def passive(self) -> bool:
        return self.home is None

    @property
    def lent(self) -> bool:
        return self.context is not None and self.context is not self.home


class Model:
    """The world as the rules say."""

    def __init__(self) -> None:
        self.now = 0
        self.calls = 0
        self.threads: list[Thread] = []
        self.contexts: list[Context] = []
        self.kept: dict[int, Right] = {}

    def current(self) -> Thread | None:
        """The best thread that is ready and has time."""
        ready = [thread for thread in self.threads if thread.state == READY and thread.context is not None]
        return max(ready, key=lambda thread: thread.priority, default=None)

    # Waiting.

    def block(self, thread: Thread, state: ThreadState, endpoint: Endpoint | None, deadline: int | None) -> None:
        thread.state, thread.endpoint, thread.deadline = state, endpoint, deadline
        if endpoint is not None:
            queue = endpoint.receivers if state == RECEIVING else endpoint.senders
            queue.append(thread)
            queue.sort(key=lambda member: -member.priority)

    def unblock(self, thread: Thread) -> None:
        if thread.endpoint is not None:
            queue = thread.endpoint.receivers if thread.state == RECEIVING else thread.endpoint.senders
            queue.remove(thread)
        thread.endpoint = thread.deadline = None

    def wake(self, thread: Thread, status: Status) -> None:
        self.unblock(thread)
        thread.state, thread.fault, thread.status = READY, False, status

    # Messages.

    def is_past(self, deadline: int | None) -> bool:
        return deadline is not None and deadline <= self.now

    def deliver(self, sender: Thread, receiver: Thread, calling: bool) -> None:
        receiver.status = sender.handler_badge if sender.fault else 0
        receiver.received = None if sender.fault else sender.word
        if calling:
            sender.state = AWAITING
            receiver.right = Right(sender, sender.number)
            if receiver.passive and receiver.context is None and sender.context is not None:
                context = sender.context
                sender.context = None
                context.lenders.append(sender)
                receiver.context, context.user = context, receiver

    def new_number(self, thread: Thread) -> None:
        self.calls += 1
        thread.number = self.calls

    def send(self, thread: Thread, endpoint: Endpoint, calling: bool, deadline: int | None, word: int) -> None:
        if not calling and endpoint.calls_only:
            raise Refused(Error.CALLS_ONLY)
        if not endpoint.receivers and self.is_past(deadline):
            raise Refused(Error.TIMED_OUT)
        thread.word = word
        self.offer(thread, endpoint, calling, deadline)

    def offer(self, thread: Thread, endpoint: Endpoint, calling: bool, deadline: int | None) -> None:
        if calling:
            self.new_number(thread)
        if endpoint.receivers:
            receiver = endpoint.receivers[0]
            self.unblock(receiver)
            receiver.state = READY
            self.deliver(thread, receiver, calling)
            if not calling:
                thread.status = 0
        else:
            self.block(thread, CALLING if calling else SENDING, endpoint, deadline)

    def check_receive(self, thread: Thread, endpoint: Endpoint | None, deadline: int | None, replies: bool) -> None:
        if not replies and thread.right is not None:
            raise Refused(Error.REPLY_FIRST)
        if thread.passive and (deadline is not None or endpoint is None or not endpoint.calls_only):
            raise Refused(Error.NO_CONTEXT)

    def receive(self, thread: Thread, endpoint: Endpoint | None, deadline: int | None) -> None:
        self.check_receive(thread, endpoint, deadline, False)
        self.take_or_wait(thread, endpoint, deadline)

    def take_or_wait(self, thread: Thread, endpoint: Endpoint | None, deadline: int | None) -> None:
        note = thread.note
        if note is not None and note.word and not thread.passive:
            thread.status, thread.received, note.word = SIGNALLED, note.word, 0
        elif endpoint is not None and endpoint.senders:
            sender = endpoint.senders[0]
            calling = sender.state == CALLING
            self.unblock(sender)
            self.deliver(sender, thread, calling)
            if not calling:
                self.wake(sender, 0)
        elif self.is_past(deadline):
            raise Refused(Error.TIMED_OUT)
        else:
            self.block(thread, RECEIVING, endpoint, deadline)

    def reply_receive(self, thread: Thread, endpoint: Endpoint, named: bool, word: int) -> None:
        self.check_receive(thread, endpoint, None, True)
        right, thread.right = thread.right, None
        if right is not None:
            self.give_back(thread)
            self.end(right, word if named else None)
        self.take_or_wait(thread, endpoint, None)

    def reply(self, thread: Thread, named: bool, word: int) -> None:
        if not named or thread.right is None:
            raise Refused(Error.NO_REPLY)
        if thread.lent:
            raise Refused(Error.NO_CONTEXT)
        right, thread.right = thread.right, None
        self.answer(thread, right, word)

    def reply_kept(self, thread: Thread, slot: int, word: int) -> None:
        self.answer(thread, self.kept.pop(slot), word)

    def answer(self, thread: Thread, right: Right, word: int) -> None:
        stale = right.stale
        self.end(right, word)
        thread.status = Error.STALE if stale else 0

    def end(self, right: Right, word: int | None) -> None:
        """A right is used, or with no word dropped."""
        caller = right.caller
        if right.stale:
            return
        if caller.fault:
            caller.state = READY if word is not None else STOPPED
            caller.fault = word is None
            caller.status = None
        else:
            caller.state = READY
            caller.status = 0 if word is not None else Error.SERVER_DIED
            caller.received = word

    def keep(self, thread: Thread, named: bool, slot: int) -> None:
        if not named or thread.right is None:
            raise Refused(Error.NO_REPLY)
        if thread.lent:
            raise Refused(Error.NO_CONTEXT)
        if slot in self.kept:
            raise Refused(Error.FULL)
        self.kept[slot], thread.right = thread.right, None
        thread.status = 0

    def drop_kept(self, thread: Thread, slot: int) -> None:
        self.end(self.kept.pop(slot), None)
        thread.status = 0

    # Contexts.

    def give_back(self, thread: Thread) -> None:
        context = thread.context
        if context is None or context is thread.home:
            return
        thread.context = context.user = None
        if context.lenders:
            taker: Thread | None = context.lenders.pop()
        else:
            taker = context.home if context.home is not None and context.home.context is None else None
        if taker is not None:
            taker.context, context.user = context, taker

    def bind_context(self, thread: Thread, target: Thread, context: Context) -> None:
        if context.home or context.user or context.lenders or target.home:
            raise Refused(Error.BOUND)
        if target.context or any(target in other.lenders for other in self.contexts):
            raise Refused(Error.BUSY)
        context.home, target.home = target, context
        target.context, context.user = context, target
        note = target.note
        if note is not None and note.word and target.state == RECEIVING:
            word, note.word = note.word, 0
            self.wake(target, SIGNALLED)
            target.received = word
        thread.status = 0

    def unbind_context(self, thread: Thread, target: Thread) -> None:
        context = target.home
        if context is None:
            raise Refused(Error.NOT_BOUND)
        if context.user is not target:
            raise Refused(Error.BUSY)
        context.home = context.user = None
        target.home = target.context = None
        thread.status = 0
        if target.state == CALLING and not target.fault:
            self.wake(target, Error.NO_CONTEXT)

    # Signals, time, faults, stopping.

    def signal(self, thread: Thread, note: Notification, bits: int) -> None:
        note.word |= bits
        thread.status = 0
        waiter = note.thread
        if waiter is not None and waiter.state == RECEIVING and not waiter.passive:
            word, note.word = note.word, 0
            self.wake(waiter, SIGNALLED)
            waiter.received = word

    def advance(self, ticks: int) -> None:
        self.now += ticks
        for thread in self.threads:
            if thread.deadline is not None and thread.deadline <= self.now:
                self.wake(thread, Error.TIMED_OUT)

    def do_fault(self, thread: Thread) -> None:
        thread.fault = True
        if thread.handler is None:
            thread.state = STOPPED
        else:
            self.offer(thread, thread.handler, True, None)

    def retire(self, target: Thread) -> None:
        """Take a thread out of everything."""
        self.unblock(target)
        target.state, target.fault = STOPPED, False
        for context in self.contexts:
            if target in context.lenders:
                context.lenders.remove(target)
        self.new_number(target)
        self.give_back(target)
        right, target.right = target.right, None
        if right is not None:
            self.end(right, None)

    def start(self, thread: Thread, target: Thread) -> None:
        thread.status = 0
        self.retire(target)
        self.go(target)
        target.status = None

    def go(self, target: Thread) -> None:
        if target.home is not None and target.home.user is None and target.context is None:
            target.context, target.home.user = target.home, target
        target.state, target.fault = READY, False

    def stop(self, thread: Thread, target: Thread) -> None:
        waited = target.state not in (READY, STOPPED) and not target.fault
        fault = target.fault
        thread.status = 0
        self.retire(target)
        target.fault = fault
        if waited:
            target.status = Error.STOPPED

    def resume(self, thread: Thread, target: Thread) -> None:
        if target.state != STOPPED:
            raise Refused(Error.BUSY)
        thread.status = 0
        self.go(target)
