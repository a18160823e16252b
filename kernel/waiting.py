"""Entering and leaving a wait: the one place where a thread joins a queue, and the one where it leaves."""

from __future__ import annotations

from abi.kernel import FAILED, NEVER, Error, Fault, ThreadState
from kernel import queues
from kernel.current import cpu_at
from kernel.scheduler import start_timer, stop_timer, wake, withhold
from kernel.structures import Cpu, Endpoint, Node, Thread
from metal import U64, Ptr, u32, u64


def block(
    thread: Ptr[Thread],
    state: ThreadState,
    endpoint: Ptr[Endpoint] | None,
    via: Ptr[Node] | None,
    deadline: u64,
    cpu: u32,
) -> None:
    """Let a thread wait: in the endpoint's queue, through a node, until a deadline."""
    cpu_at(cpu).look = True
    thread.state = state
    thread.endpoint = endpoint
    if endpoint is not None:
        endpoint.ready = None
        if state == ThreadState.RECEIVING:
            queues.join(endpoint.receivers, thread)
        else:
            queues.join(endpoint.senders, thread)
    thread.via = via
    if via is not None:
        first = via.waiters
        thread.via_previous = None
        thread.via_next = first
        if first is not None:
            first.via_previous = thread
        via.waiters = thread
    if deadline != NEVER:
        start_timer(thread.timer, cpu, deadline)


def unblock(thread: Ptr[Thread]) -> None:
    """Leave the queue, the node and the timer. The state is the caller's to set."""
    endpoint = thread.endpoint
    if endpoint is not None:
        endpoint.ready = None
        if thread.state == ThreadState.RECEIVING:
            queues.leave(endpoint.receivers, thread)
        else:
            queues.leave(endpoint.senders, thread)
        thread.endpoint = None
    via = thread.via
    if via is not None:
        after = thread.via_next
        before = thread.via_previous
        if before is not None:
            before.via_next = after
        else:
            via.waiters = after
        if after is not None:
            after.via_previous = before
        thread.via = None
        thread.via_next = None
        thread.via_previous = None
    stop_timer(thread.timer)


def end_wait(thread: Ptr[Thread], status: u64) -> None:
    """Wake a thread from its wait with a status."""
    unblock(thread)
    thread.fault = Fault.NONE
    thread.frame.handle = status
    thread.frame.number = 0
    wake(thread)


def fail_wait(thread: Ptr[Thread], error: Error) -> None:
    """End a wait that did not get what it waited for; a thread that waited with a fault stops with it."""
    if thread.fault != Fault.NONE:
        unblock(thread)
        thread.state = ThreadState.STOPPED
        return
    end_wait(thread, FAILED | U64(error))


def halt(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> None:
    """Take a thread out of whatever it does, without telling it."""
    withhold(cpu, thread)
    unblock(thread)
    thread.state = ThreadState.STOPPED
