"""The common road of a call, straight: a server without a context of its own waits alone, is called, and answers.

Each function tests everything first and touches nothing when it says False; then the general operations of
`objects/endpoint.py` do the same, slowly. The context goes along with the call, so neither the clock, the budget nor a
run queue is touched.
"""

from __future__ import annotations

from abi.kernel import Fault, ThreadState
from kernel.arch.chosen import select
from kernel.casts import endpoint_of
from kernel.messages import copy_words
from kernel.objects.reply import accept, new_number
from kernel.structures import Cpu, Node, Thread
from metal import Ptr, u64


def switch(cpu: Ptr[Cpu], old: Ptr[Thread], new: Ptr[Thread]) -> None:
    """Let another thread run on the context that runs."""
    old.running = False
    new.running = True
    new.cpu = cpu.index
    cpu.thread = new
    cpu.choices += 1
    select(cpu.record, new.frame)


def call(cpu: Ptr[Cpu], caller: Ptr[Thread], node: Ptr[Node]) -> bool:
    """CALL, when the only one who waits at the endpoint is a server without time, at least as urgent as its caller."""
    header = node.object
    if header is None:
        return False
    endpoint = endpoint_of(header)
    server = endpoint.receivers.first
    context = caller.context
    if server is None or context is None or context is not cpu.context or endpoint.needs != 0:
        return False
    via = server.via
    if via is None or via.waiters is not server or server.via_next is not None:
        return False
    if server.next is not server or server.lower is not None or server.priority < caller.priority:
        return False
    if server.home is not None or server.context is not None or server.long or server.timer.queued or cpu.look:
        return False
    endpoint.receivers.first = None
    server.leader = False
    server.next = None
    server.previous = None
    server.endpoint = None
    server.via = None
    via.waiters = None
    caller.long = False
    caller.number = new_number()
    copy_words(caller, server)
    server.frame.handle = node.badge
    server.frame.number = caller.number
    server.state = ThreadState.READY
    accept(caller, server)
    switch(cpu, caller, server)
    return True


def reply_receive(cpu: Ptr[Cpu], server: Ptr[Thread], node: Ptr[Node], number: u64) -> bool:
    """REPLY_RECEIVE, when the caller who lent the context waits for this reply, and nobody else calls."""
    header = node.object
    caller = server.caller
    context = server.context
    if header is None or caller is None or context is None or number != server.caller_number:
        return False
    endpoint = endpoint_of(header)
    if endpoint.senders.first is not None or endpoint.receivers.first is not None or not endpoint.calls_only:
        return False
    if context is not cpu.context or context.lenders is not caller or server.home is not None:
        return False
    if caller.fault != Fault.NONE or caller.long or cpu.top > caller.priority + 1 or cpu.look:
        return False
    below = caller.lender_below
    context.lenders = below
    if below is not None:
        below.lender_above = None
    caller.lender_below = None
    caller.lent = None
    caller.context = context
    context.user = caller
    caller.server = None
    server.context = None
    server.caller = None
    server.caller_number = 0
    copy_words(server, caller)
    caller.frame.handle = 0
    caller.frame.number = 0
    caller.state = ThreadState.READY
    wait_alone(server, node)
    endpoint.receivers.first = server
    server.endpoint = endpoint
    switch(cpu, server, caller)
    return True


def wait_alone(server: Ptr[Thread], node: Ptr[Node]) -> None:
    """The server becomes the only one in the endpoint's queue, through a node."""
    server.state = ThreadState.RECEIVING
    server.long = False
    server.leader = True
    server.next = server
    server.previous = server
    server.via = node
    first = node.waiters
    server.via_next = first
    if first is not None:
        first.via_previous = server
    node.waiters = server
