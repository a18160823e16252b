"""Scheduling contexts: giving them budget, binding them to threads, and taking them away."""

from __future__ import annotations

from abi import rights
from abi.kernel import Error, Fault, Kind, ThreadState
from kernel import lending, refills
from kernel.answers import DONE, refused
from kernel.casts import context_of, endpoint_of
from kernel.chips.chosen import clock_now
from kernel.current import cpu_at, is_running, kernel
from kernel.handles import find, need
from kernel.limits import LEAST_BUDGET
from kernel.objects.endpoint import fault, wake_waiter
from kernel.scheduler import admit, forget_context, look_again, settle, stop_timer, withhold
from kernel.structures import Context, Cpu, Node, Thread
from kernel.waiting import fail_wait
from metal import U32, U64, Ptr, u64


def context_at_node(node: Ptr[Node]) -> Ptr[Context] | Error:
    """The context that a node names; the lookup has proved the kind."""
    header = node.object
    if header is None:
        return Error.NO_HANDLE
    return context_of(header)


def charge_now(context: Ptr[Context]) -> None:
    """Charge a context for what it used until now, if it runs."""
    cpu = cpu_at(context.cpu)
    if cpu.context is context:
        settle(cpu, clock_now())


def set_budget(thread: Ptr[Thread], node: Ptr[Node], machine: u64, budget: u64, period: u64, cpu: u64) -> u64:
    """CONTEXT_SET."""
    context = context_at_node(node)
    if isinstance(context, Error):
        return refused(context)
    authority = find(thread, machine, need(Kind.MACHINE, rights.MACHINE_TIME))
    if isinstance(authority, Error):
        return refused(authority)
    if budget < LEAST_BUDGET or period < budget or period >= U64(1) << 48 or cpu >= U64(kernel.cpus):
        return refused(Error.BAD_ARGUMENT)
    if cpu != U64(context.cpu) and context.user is not None and context.count > 0:
        return refused(Error.BUSY)
    charge_now(context)
    context.cpu = U32(cpu)
    refills.configure(context, budget, period, clock_now())
    begin(context)
    return DONE


def begin(context: Ptr[Context]) -> None:
    """A context's budget changed: who uses it may run now, or later than it thought, or for less time."""
    stop_timer(context.release)
    user = context.user
    if user is not None and user.state == ThreadState.READY:
        if is_running(user):
            look_again(user.cpu)
        admit(user, False)


def divide(thread: Ptr[Thread], node: Ptr[Node], handle: u64, budget: u64) -> u64:
    """CONTEXT_DIVIDE."""
    source = context_at_node(node)
    if isinstance(source, Error):
        return refused(source)
    other = find(thread, handle, need(Kind.CONTEXT, rights.CONTEXT_SET))
    if isinstance(other, Error):
        return refused(other)
    target = context_at_node(other)
    if isinstance(target, Error):
        return refused(target)
    if target.budget != 0 or target is source or (target.user is not None and target.cpu != source.cpu):
        return refused(Error.BUSY)
    if budget < LEAST_BUDGET or budget > source.budget or source.budget - budget < LEAST_BUDGET:
        return refused(Error.TOO_LITTLE)
    charge_now(source)
    target.cpu = source.cpu
    refills.move_budget(source, target, budget)
    stop_timer(source.release)
    begin(source)
    begin(target)
    return DONE


def read(thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """CONTEXT_READ."""
    context = context_at_node(node)
    if isinstance(context, Error):
        return refused(context)
    charge_now(context)
    words = thread.frame.words
    words[0] = context.budget
    words[1] = context.period
    words[2] = U64(context.cpu)
    words[3] = context.used
    words[4] = refills.ready_amount(context, clock_now())
    return DONE


def bindable(context: Ptr[Context], thread: Ptr[Thread]) -> Error | None:
    """Why a context cannot become a thread's own. A thread never has its own and a lent one."""
    if context.home is not None or context.user is not None or context.lenders is not None or thread.home is not None:
        return Error.BOUND
    if thread.context is not None or thread.lent is not None:
        return Error.BUSY
    return None


def bind(context: Ptr[Context], thread: Ptr[Thread]) -> None:
    """Make a context a thread's own. Bits that could not wake it before are looked at again."""
    context.home = thread
    thread.home = context
    thread.context = context
    context.user = thread
    endpoint = thread.endpoint
    if endpoint is not None:
        endpoint.ready = None
    if thread.state == ThreadState.READY:
        admit(thread, False)
    wake_waiter(thread)


def release(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> None:
    """A thread and its own context part, wherever the context is."""
    context = thread.home
    if context is None:
        return
    thread.home = None
    context.home = None
    if thread.lent is context:
        lending.splice(thread)
    if context.user is thread:
        lose(cpu, context, thread, False)


def lose(cpu: Ptr[Cpu], context: Ptr[Context], thread: Ptr[Thread], lent: bool) -> None:
    """A thread has just lost the context it was using."""
    ready = thread.state == ThreadState.READY
    if ready:
        withhold(cpu, thread)
    stop_timer(context.release)
    forget_context(context)
    thread.context = None
    context.user = None
    if thread.state == ThreadState.CALLING and thread.fault == Fault.NONE:
        fail_wait(thread, Error.NO_CONTEXT)
    elif ready and lent:
        report_loss(cpu, thread)


def report_loss(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> None:
    """A server's borrowed time was destroyed in the middle of a request: its handler may know what to do."""
    header = thread.handler_node.object
    if header is not None and not endpoint_of(header).calls_only:
        fault(cpu, thread, Fault.CONTEXT_LOST)


def destroy_step(cpu: Ptr[Cpu], context: Ptr[Context]) -> bool:
    """One step of a context's end: a lender a step, then home and user. True when nothing is left."""
    lender = context.lenders
    if lender is not None:
        lending.splice(lender)
        return False
    home = context.home
    if home is not None:
        home.home = None
        context.home = None
    user = context.user
    if user is not None:
        lose(cpu, context, user, user is not home)
    stop_timer(context.release)
    forget_context(context)
    return True
