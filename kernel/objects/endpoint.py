"""Endpoints: call, send, receive and reply-and-receive; nothing is buffered, both sides meet.

The order of checks and effects is that of the executable model the kernel's rules were decided on: everything that may
refuse comes first, and a refused call has changed nothing.
"""

from __future__ import annotations

from abi.kernel import NEVER, SIGNALLED, Error, Fault, ThreadState
from kernel import lending, refills
from kernel.answers import AGAIN, DONE, LEFT, refused
from kernel.casts import endpoint_of
from kernel.chips.chosen import clock_now
from kernel.limits import LEAST_BUDGET
from kernel.messages import check_page, deliver, prepare_slots
from kernel.objects.reply import accept, empty_register, new_number
from kernel.scheduler import settle, wake
from kernel.structures import Context, Cpu, Endpoint, Node, Thread
from kernel.waiting import block, end_wait, unblock
from metal import Ptr, u64


def endpoint_at_node(node: Ptr[Node]) -> Ptr[Endpoint] | Error:
    """The endpoint that a node names; the lookup has proved the kind."""
    header = node.object
    if header is None:
        return Error.GONE
    return endpoint_of(header)


def is_past(deadline: u64) -> bool:
    """Whether nothing is to be waited for."""
    return deadline != NEVER and deadline <= clock_now()


def call(cpu: Ptr[Cpu], thread: Ptr[Thread], node: Ptr[Node], deadline: u64, long: bool) -> u64:
    """CALL: give the message to a waiting server, or wait for one; then wait for the reply."""
    endpoint = endpoint_at_node(node)
    if isinstance(endpoint, Error):
        return refused(endpoint)
    problem = check_page(thread, long, True)
    if isinstance(problem, Error):
        return refused(problem)
    context = thread.context
    if endpoint.needs > 0 and context is not None:
        # Coming back after the wait and making the call again takes some of what was waited for.
        if context.budget - LEAST_BUDGET < endpoint.needs:
            return refused(Error.TOO_LITTLE)
        if not has_enough(cpu, context, endpoint.needs):
            return AGAIN
    if endpoint.receivers.first is None and is_past(deadline):
        return refused(Error.TIMED_OUT)
    if long and not prepare_slots(thread):
        return AGAIN
    thread.long = long
    thread.number = new_number()
    meet_or_wait(cpu, thread, ThreadState.CALLING, endpoint, node, deadline)
    return LEFT


def has_enough(cpu: Ptr[Cpu], context: Ptr[Context], amount: u64) -> bool:
    """Whether a request can run to its end on what the context's head holds; if not, the head waits until it can.

    A caller with too little waits here, outside, so that the server is never left in the middle of a request.
    """
    settle(cpu, clock_now())
    if refills.head_amount(context) >= amount:
        return True
    refills.reserve(context, amount + LEAST_BUDGET)
    return False


def send(cpu: Ptr[Cpu], thread: Ptr[Thread], node: Ptr[Node], deadline: u64, long: bool) -> u64:
    """SEND: give the message to a waiting server, or wait for one."""
    endpoint = endpoint_at_node(node)
    if isinstance(endpoint, Error):
        return refused(endpoint)
    if endpoint.calls_only:
        return refused(Error.CALLS_ONLY)
    problem = check_page(thread, long, True)
    if isinstance(problem, Error):
        return refused(problem)
    if endpoint.receivers.first is None and is_past(deadline):
        return refused(Error.TIMED_OUT)
    thread.long = long
    if meet_or_wait(cpu, thread, ThreadState.SENDING, endpoint, node, deadline):
        return DONE
    return LEFT


def meet_or_wait(
    cpu: Ptr[Cpu], thread: Ptr[Thread], state: ThreadState, endpoint: Ptr[Endpoint], via: Ptr[Node], deadline: u64
) -> bool:
    """Meet the best receiver, or wait in the queue. Whether they met."""
    receiver = endpoint.receivers.first
    if receiver is None:
        block(thread, state, endpoint, via, deadline, cpu.index)
        return False
    cpu.look = True
    unblock(receiver)
    if state == ThreadState.CALLING:
        deliver(thread, receiver, via.badge, thread.number)
        accept(thread, receiver)
    else:
        deliver(thread, receiver, via.badge, 0)
    wake(receiver)
    return True


def check_receive(thread: Ptr[Thread], endpoint: Ptr[Endpoint] | None, deadline: u64, replies: bool) -> Error | None:
    """Why a thread may not receive."""
    if not replies and thread.caller_number != 0:
        return Error.REPLY_FIRST
    if lending.is_passive(thread):
        if deadline != NEVER or endpoint is None or not endpoint.calls_only:
            return Error.NO_CONTEXT
    return None


def receive(cpu: Ptr[Cpu], thread: Ptr[Thread], node: Ptr[Node] | None, deadline: u64, long: bool) -> u64:
    """RECEIVE: from an endpoint, or with no node only the bits of the thread's notification."""
    endpoint: Ptr[Endpoint] | None = None
    if node is not None:
        found = endpoint_at_node(node)
        if isinstance(found, Error):
            return refused(found)
        endpoint = found
    problem = check_receive(thread, endpoint, deadline, False)
    if isinstance(problem, Error):
        return refused(problem)
    trouble = check_page(thread, long, False)
    if isinstance(trouble, Error):
        return refused(trouble)
    if long and not prepare_slots(thread):
        return AGAIN
    thread.long = long
    return take_or_wait(cpu, thread, endpoint, node, deadline)


def reply_receive(cpu: Ptr[Cpu], thread: Ptr[Thread], node: Ptr[Node], number: u64, long: bool) -> u64:
    """REPLY_RECEIVE: all checks of the receive, then the reply, then the receive."""
    endpoint = endpoint_at_node(node)
    if isinstance(endpoint, Error):
        return refused(endpoint)
    problem = check_receive(thread, endpoint, NEVER, True)
    if isinstance(problem, Error):
        return refused(problem)
    trouble = check_page(thread, long, True)
    if isinstance(trouble, Error):
        return refused(trouble)
    if long and not prepare_slots(thread):
        return AGAIN
    thread.long = long
    cpu.look = True
    if thread.caller_number != 0:
        empty_register(thread, number)
    return take_or_wait(cpu, thread, endpoint, node, NEVER)


def take_or_wait(
    cpu: Ptr[Cpu], thread: Ptr[Thread], endpoint: Ptr[Endpoint] | None, via: Ptr[Node] | None, deadline: u64
) -> u64:
    """Take pending bits, else the best sender's message, else wait: one step, so that nothing slips between."""
    notification = thread.notification
    if notification is not None and notification.word != 0 and not lending.is_passive(thread):
        frame = thread.frame
        frame.words[0] = notification.word
        frame.handle = SIGNALLED
        frame.number = 0
        notification.word = 0
        return LEFT
    if endpoint is not None:
        sender = endpoint.senders.first
        if sender is not None:
            take_message(sender, thread)
            return LEFT
    if is_past(deadline):
        return refused(Error.TIMED_OUT)
    block(thread, ThreadState.RECEIVING, endpoint, via, deadline, cpu.index)
    if endpoint is not None and via is not None:
        announce(thread, endpoint, via)
    return LEFT


def announce(server: Ptr[Thread], endpoint: Ptr[Endpoint], via: Ptr[Node]) -> None:
    """Open the straight road to a server that just began to wait, when it waits alone and for its callers' time."""
    if endpoint.receivers.first is not server or server.next is not server or server.lower is not None:
        return
    if via.waiters is not server or server.via_next is not None or server.long:
        return
    if server.home is None and server.context is None and endpoint.calls_only and endpoint.needs == 0:
        endpoint.ready = server


def take_message(sender: Ptr[Thread], receiver: Ptr[Thread]) -> None:
    """A receiver takes the message of a sender that waits."""
    badge: u64 = 0
    via = sender.via
    if via is not None:
        badge = via.badge
    calling = sender.state == ThreadState.CALLING
    unblock(sender)
    if calling:
        deliver(sender, receiver, badge, sender.number)
        accept(sender, receiver)
    else:
        deliver(sender, receiver, badge, 0)
        end_wait(sender, DONE)


def fault(cpu: Ptr[Cpu], thread: Ptr[Thread], kind: Fault) -> None:
    """The kernel calls the thread's handler on its behalf; without one the thread stops, its fault readable."""
    thread.fault = kind
    node = thread.exhaustion_node if kind == Fault.EXHAUSTED else thread.handler_node
    header = node.object
    if header is None or node.dying:
        thread.state = ThreadState.STOPPED
        return
    thread.long = False
    thread.number = new_number()
    meet_or_wait(cpu, thread, ThreadState.CALLING, endpoint_of(header), node, NEVER)


def hand_signal(thread: Ptr[Thread], word: u64) -> None:
    """Wake a thread that waits, with the bits of its notification."""
    thread.frame.words[0] = word
    end_wait(thread, SIGNALLED)


def wake_waiter(thread: Ptr[Thread]) -> None:
    """Look again whether a sleeping receiver has bits pending, for it may be woken by them only now."""
    notification = thread.notification
    if notification is None or thread.state != ThreadState.RECEIVING or lending.is_passive(thread):
        return
    if notification.word != 0:
        word = notification.word
        notification.word = 0
        hand_signal(thread, word)
