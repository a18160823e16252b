"""How a context travels with a call, and back: a stack of lenders in each context, linked through the lenders."""

from __future__ import annotations

from abi.kernel import Fault, ThreadState
from kernel.scheduler import admit
from kernel.structures import Context, Thread
from metal import Ptr


def is_passive(thread: Ptr[Thread]) -> bool:
    """Whether a thread has no context of its own."""
    return thread.home is None


def is_lent(thread: Ptr[Thread]) -> bool:
    """Whether a thread runs on a context that a caller brought."""
    context = thread.context
    return context is not None and context is not thread.home


def lend(caller: Ptr[Thread], server: Ptr[Thread]) -> None:
    """A call was accepted: the caller's context goes with it when the server has none."""
    context = caller.context
    if server.home is not None or server.context is not None or context is None:
        return
    if caller.fault == Fault.EXHAUSTED:
        return
    below = context.lenders
    caller.context = None
    caller.lent = context
    caller.lender_below = below
    caller.lender_above = None
    if below is not None:
        below.lender_above = caller
    context.lenders = caller
    context.user = server
    server.context = context


def give_back(server: Ptr[Thread]) -> None:
    """The server's request is over: its context goes to who lent it."""
    context = server.context
    if context is None or context is server.home:
        return
    server.context = None
    place(context)


def place(context: Ptr[Context]) -> None:
    """A context that nobody uses goes to the innermost lender, else home, else it rests."""
    context.user = None
    lender = context.lenders
    home = context.home
    if lender is not None:
        splice(lender)
        take(context, lender)
    elif home is not None and home.context is None and home.state != ThreadState.DEAD:
        take(context, home)


def take(context: Ptr[Context], thread: Ptr[Thread]) -> None:
    """A thread has its context back."""
    thread.context = context
    context.user = thread
    if thread.state == ThreadState.READY:
        admit(thread, False)


def splice(thread: Ptr[Thread]) -> None:
    """A thread does not want back what it lent; its neighbours in the stack are joined."""
    context = thread.lent
    if context is None:
        return
    above = thread.lender_above
    below = thread.lender_below
    if above is not None:
        above.lender_below = below
    else:
        context.lenders = below
    if below is not None:
        below.lender_above = above
    thread.lent = None
    thread.lender_above = None
    thread.lender_below = None
