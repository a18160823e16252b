"""The common roads through the kernel, straight: a call and its answer, and the calls that never wait.

Each function tests everything first and touches nothing when it says False; then the general operations of
`kernel/objects` do the same, slowly. A call takes its caller's context along, so neither the clock, the budget nor a
run queue is touched. That the running thread's context is the one the CPU counts is an invariant of a CPU whose
`look` is not set, as it is on one CPU while a program runs. What `Endpoint.ready` promises was checked when it was
set, and is withdrawn when it ends; `Thread.straight` says that a caller came by this road: with a short message and
without a fault, to a server that had no time, through an endpoint for calls only that asks for no budget.
"""

from __future__ import annotations

from typing import Final

from abi import rights
from abi.kernel import NEVER, Kind, ThreadState
from kernel.casts import endpoint_of, notification_of
from kernel.handles import KIND_SHIFT, named
from kernel.limits import CPUS
from kernel.objects.notification import post
from kernel.objects.reply import new_number
from kernel.structures import Cpu, Thread
from metal import U32, Ptr

# What a node must have: the bit of its kind, and the right.
CALL_POWERS: Final = (1 << (Kind.ENDPOINT + KIND_SHIFT)) | rights.ENDPOINT_CALL
RECEIVE_POWERS: Final = (1 << (Kind.ENDPOINT + KIND_SHIFT)) | rights.ENDPOINT_RECEIVE
SIGNAL_POWERS: Final = (1 << (Kind.NOTIFICATION + KIND_SHIFT)) | rights.NOTIFICATION_SIGNAL
POLL_POWERS: Final = (1 << (Kind.NOTIFICATION + KIND_SHIFT)) | rights.NOTIFICATION_WAIT


def switch(cpu: Ptr[Cpu], new: Ptr[Thread]) -> None:
    """Let another thread run on the context that runs."""
    if CPUS > 1:
        new.cpu = cpu.index
    cpu.thread = new


def must_look(cpu: Ptr[Cpu]) -> bool:
    """Whether another CPU changed what this one runs, or should run."""
    if CPUS > 1:
        return cpu.look
    return False


def call(cpu: Ptr[Cpu], caller: Ptr[Thread]) -> bool:
    """CALL, when a server that has no time of its own waits alone and is at least as urgent as its caller.

    The message stays in the caller's frame, where the new thread's words are taken from.
    """
    if must_look(cpu):
        return False
    node = named(caller, caller.frame.handle)
    context = cpu.context
    if node is None or node.powers & CALL_POWERS != CALL_POWERS or context is None:
        return False
    header = node.object
    if header is None:
        return False
    endpoint = endpoint_of(header)
    server = endpoint.ready
    if server is None or server.priority < caller.priority:
        return False
    via = server.via
    if via is None:
        return False
    number = new_number()
    endpoint.receivers.first = None
    endpoint.ready = None
    server.endpoint = None
    server.via = None
    via.waiters = None
    caller.long = False
    caller.number = number
    caller.state = ThreadState.AWAITING_REPLY
    caller.server = server
    server.state = ThreadState.READY
    server.caller = caller
    server.caller_number = number
    server.straight = via
    server.frame.handle = node.badge
    server.frame.number = number
    # The context goes along, and the caller is the innermost of those who lent it.
    below = context.lenders
    if below is not None:
        below.lender_above = caller
    caller.lender_above = None
    caller.lender_below = below
    caller.context = None
    caller.lent = context
    context.user = server
    context.lenders = caller
    server.context = context
    switch(cpu, server)
    return True


def reply_receive(cpu: Ptr[Cpu], server: Ptr[Thread]) -> bool:
    """REPLY_RECEIVE, when the caller who lent the context waits for this reply, and nobody else calls."""
    if must_look(cpu):
        return False
    node = named(server, server.frame.handle)
    caller = server.caller
    context = cpu.context
    if node is None or node.powers & RECEIVE_POWERS != RECEIVE_POWERS or context is None:
        return False
    header = node.object
    if header is None or caller is None or server.caller_number != server.frame.number:
        return False
    endpoint = endpoint_of(header)
    if endpoint.senders.first is not None or endpoint.receivers.first is not None or node.waiters is not None:
        return False
    if server.straight is not node or context.lenders is not caller or cpu.top > U32(caller.priority) + 1:
        return False
    below = caller.lender_below
    if below is not None:
        below.lender_above = None
    context.lenders = below
    context.user = caller
    caller.lent = None
    caller.context = context
    caller.server = None
    caller.state = ThreadState.READY
    caller.frame.handle = 0
    caller.frame.number = 0
    server.context = None
    server.caller = None
    server.caller_number = 0
    # The server is the only one in the endpoint's queue, and the only one who waits through the node.
    server.state = ThreadState.RECEIVING
    server.long = False
    server.leader = True
    server.next = server
    server.previous = server
    server.endpoint = endpoint
    server.via = node
    node.waiters = server
    endpoint.receivers.first = server
    endpoint.ready = server
    switch(cpu, caller)
    return True


def poll(thread: Ptr[Thread]) -> bool:
    """POLL."""
    node = named(thread, thread.frame.handle)
    if node is None or node.powers & POLL_POWERS != POLL_POWERS:
        return False
    header = node.object
    if header is None:
        return False
    notification = notification_of(header)
    frame = thread.frame
    frame.words[0] = notification.word
    frame.handle = 0
    frame.number = 0
    notification.word = 0
    return True


def signal(thread: Ptr[Thread]) -> bool:
    """SIGNAL."""
    node = named(thread, thread.frame.handle)
    if node is None or node.powers & SIGNAL_POWERS != SIGNAL_POWERS:
        return False
    header = node.object
    if header is None:
        return False
    frame = thread.frame
    frame.handle = 0
    frame.number = 0
    post(notification_of(header), node.badge if node.badge != 0 else frame.words[0])
    return True


def wait(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> bool:
    """WAIT_UNTIL without a deadline, by a thread that has time of its own and no bits pending."""
    notification = thread.notification
    if thread.frame.number != NEVER or thread.caller_number != 0 or thread.home is None:
        return False
    if notification is None or notification.word != 0:
        return False
    thread.long = False
    thread.state = ThreadState.RECEIVING
    cpu.look = True
    return True
