"""Queues of threads: those of endpoints, by priority, and the run queue's levels. A thread is in at most one."""

from __future__ import annotations

from kernel.structures import Level, Queue, Thread
from metal import Ptr


def join(queue: Ptr[Queue], thread: Ptr[Thread]) -> None:
    """Enter behind those of the same priority: at most as many steps as different priorities wait."""
    above: Ptr[Thread] | None = None
    leader = queue.first
    while leader is not None:
        if leader.priority <= thread.priority:
            break
        above = leader
        leader = leader.lower
    if leader is not None and leader.priority == thread.priority:
        join_ring(leader, thread)
        return
    thread.leader = True
    thread.next = thread
    thread.previous = thread
    thread.higher = above
    thread.lower = leader
    if leader is not None:
        leader.higher = thread
    if above is not None:
        above.lower = thread
    else:
        queue.first = thread


def join_ring(leader: Ptr[Thread], thread: Ptr[Thread]) -> None:
    """Become the last of a priority's ring."""
    thread.leader = False
    last = leader.previous
    thread.next = leader
    thread.previous = last
    leader.previous = thread
    if last is not None:
        last.next = thread


def leave(queue: Ptr[Queue], thread: Ptr[Thread]) -> None:
    """Leave the queue; who is next in the ring leads it from now on."""
    after = thread.next
    before = thread.previous
    if after is not None and after is not thread:
        if before is not None:
            before.next = after
        after.previous = before
        if thread.leader:
            after.leader = True
            replace(queue, thread, after)
    elif thread.leader:
        replace(queue, thread, None)
    thread.leader = False
    thread.next = None
    thread.previous = None
    thread.higher = None
    thread.lower = None


def replace(queue: Ptr[Queue], old: Ptr[Thread], new: Ptr[Thread] | None) -> None:
    """Let another thread, or nobody, stand in the list of leaders where old stands."""
    higher = old.higher
    lower = old.lower
    below = lower
    if new is not None:
        new.higher = higher
        new.lower = lower
        below = new
        if lower is not None:
            lower.higher = new
    elif lower is not None:
        lower.higher = higher
    if higher is not None:
        higher.lower = below
    else:
        queue.first = below


def append(level: Ptr[Level], thread: Ptr[Thread]) -> None:
    """Become the last of a level."""
    last = level.last
    thread.next = None
    thread.previous = last
    if last is not None:
        last.next = thread
    else:
        level.first = thread
    level.last = thread


def prepend(level: Ptr[Level], thread: Ptr[Thread]) -> None:
    """Become the first of a level: a thread that was interrupted keeps its turn."""
    first = level.first
    thread.previous = None
    thread.next = first
    if first is not None:
        first.previous = thread
    else:
        level.last = thread
    level.first = thread


def remove(level: Ptr[Level], thread: Ptr[Thread]) -> None:
    """Leave a level."""
    after = thread.next
    before = thread.previous
    if before is not None:
        before.next = after
    else:
        level.first = after
    if after is not None:
        after.previous = before
    else:
        level.last = before
    thread.next = None
    thread.previous = None
