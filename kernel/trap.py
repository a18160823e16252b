"""The one road in and out of the kernel: a call, an interrupt or a fault; one operation; the choice of who runs next.

The family's assembly saves the registers of the CPU's thread, calls one of these functions, and resumes the frame that
was selected last.
"""

from __future__ import annotations

from typing import Final

from abi.kernel import FAILED, LONG, Call, Error, Fault, ThreadState
from kernel import refills, road, timers
from kernel.answers import AGAIN, DONE, LEFT
from kernel.arch.chosen import IDLE_RETURNS, fault_kind, repeat_call, select_called, wait
from kernel.chips.chosen import claim, clock_now, finish, is_poke, is_timer, set_deadline
from kernel.chips.contract import NO_DEADLINE, NO_LINE
from kernel.limits import CPUS, EXPIRED
from kernel.lock import enter, leave
from kernel.memory.invalidation import serve
from kernel.objects.endpoint import fault
from kernel.objects.interrupt import fire
from kernel.scheduler import admit, choose, pass_turn, settle, stop_timer
from kernel.structures import Cpu, Thread
from kernel.syscalls import operate
from kernel.waiting import fail_wait
from metal import U64, Ptr, export, noinline, u64

# What a stay of the kernel was for, beside the numbers of calls.
INTERRUPTED: Final = 0x100
FAULTED: Final = 0x101

GOES_ON: Final = 1


@export
def kernel_call(cpu: Ptr[Cpu], operation: u64) -> u64:
    """A thread made a call. The result is a hint to the family's assembly, which may resume the selected frame always.

    It is what `select_called` said; or GOES_ON, when the caller goes on and nothing but its words, handle and number
    changed; or 0.
    """
    if CPUS > 1:
        cpu.calling = True
    enter(cpu)
    thread = cpu.thread
    if thread is not None:
        if operation == Call.CALL:
            if road.call(cpu, thread):
                return hand_over(cpu, thread)
        elif operation == Call.REPLY_RECEIVE:
            if road.reply_receive(cpu, thread):
                return hand_over(cpu, thread)
        else:
            return act(cpu, operation, thread)
    return perform(cpu, operation)


@noinline
def act(cpu: Ptr[Cpu], operation: u64, thread: Ptr[Thread]) -> u64:
    """The other calls that have a straight road: first the one that never changes who runs."""
    if operation == Call.POLL and road.poll(thread):
        return go_on(cpu)
    return act_and_choose(cpu, operation, thread)


@noinline
def act_and_choose(cpu: Ptr[Cpu], operation: u64, thread: Ptr[Thread]) -> u64:
    """The calls after which another thread may run."""
    if operation == Call.SIGNAL:
        if road.signal(thread):
            return finish_call(cpu)
    elif operation == Call.YIELD:
        thread.frame.handle = DONE
        thread.frame.number = 0
        pass_turn(cpu)
        return end_stay(cpu)
    elif operation == Call.WAIT_UNTIL:
        if road.wait(cpu, thread):
            return end_stay(cpu)
    return perform(cpu, operation)


def finish_call(cpu: Ptr[Cpu]) -> u64:
    """A call is done: its caller goes on, unless it is to be seen who runs."""
    if cpu.look:
        return end_stay(cpu)
    return go_on(cpu)


def hand_over(cpu: Ptr[Cpu], sender: Ptr[Thread]) -> u64:
    """The CPU's thread goes on with what another thread's call brought it."""
    thread = cpu.thread
    if thread is None:
        return 0
    said = select_called(cpu.record, thread.frame, sender.frame)
    if CPUS > 1:
        cpu.calling = False
    leave(cpu)
    return said


def go_on(cpu: Ptr[Cpu]) -> u64:
    """The thread that made the call goes on with its answer."""
    if CPUS > 1:
        cpu.calling = False
    leave(cpu)
    return GOES_ON


@noinline
def perform(cpu: Ptr[Cpu], operation: u64) -> u64:
    """A call that takes no straight road."""
    if operation & ~U64(LONG) >= Call.DERIVE:
        cpu.entered = clock_now()
        cpu.operation = operation
    thread = cpu.thread
    answer: u64 = LEFT
    if thread is not None:
        cpu.caller = thread
        answer = operate(cpu, thread, operation)
        if answer != LEFT and cpu.caller is thread:
            conclude(thread, answer)
        cpu.caller = None
    if cpu.thread is None or cpu.look:
        return end_stay(cpu)
    record_stay(cpu)
    said = go_on(cpu)
    return said if answer < LEFT else 0


def conclude(thread: Ptr[Thread], answer: u64) -> None:
    """Put an answer where the handle was, or let the thread make its call again."""
    if answer == AGAIN:
        repeat_call(thread.frame)
        return
    thread.frame.handle = answer if answer == 0 else FAILED | answer
    thread.frame.number = 0


@export
def kernel_interrupt(cpu: Ptr[Cpu]) -> None:
    """The timer, a device, or another CPU wants something."""
    begin_stay(cpu, INTERRUPTED)
    take_interrupt(cpu)
    end_stay(cpu)


@export
def kernel_fault(cpu: Ptr[Cpu], syndrome: u64, address: u64) -> None:
    """A thread did what its CPU refuses."""
    begin_stay(cpu, FAULTED)
    thread = cpu.thread
    if thread is not None:
        thread.fault_address = address
        thread.fault_status = syndrome
        fault(cpu, thread, fault_kind(syndrome))
    end_stay(cpu)


def begin_stay(cpu: Ptr[Cpu], operation: u64) -> None:
    """The registers are saved: take the lock. Another CPU may have taken the thread away meanwhile."""
    enter(cpu)
    cpu.entered = clock_now()
    cpu.operation = operation


def end_stay(cpu: Ptr[Cpu]) -> u64:
    """Choose who runs next; with nobody ready, wait until somebody is. 0: the selected frame says all."""
    choose(cpu)
    record_stay(cpu)
    if cpu.thread is None:
        idle(cpu)
    if CPUS > 1:
        cpu.calling = False
    leave(cpu)
    return 0


@noinline
def idle(cpu: Ptr[Cpu]) -> None:
    """Wait for interrupts until there is somebody to run."""
    while cpu.thread is None and not IDLE_RETURNS:
        leave(cpu)
        wait()
        enter(cpu)
        cpu.entered = clock_now()
        cpu.operation = INTERRUPTED
        take_interrupt(cpu)
        choose(cpu)
        record_stay(cpu)


def record_stay(cpu: Ptr[Cpu]) -> None:
    """Remember the longest time that the kernel kept a CPU from everything else.

    Messages and signals are not measured: they take no loops that could be the longest.
    """
    if cpu.entered == 0:
        return
    took = clock_now() - cpu.entered
    if took > cpu.longest:
        cpu.longest = took
        cpu.longest_operation = cpu.operation
    cpu.entered = 0


def take_interrupt(cpu: Ptr[Cpu]) -> None:
    """Serve what interrupts this CPU: one line, so that its driver runs soon; another one interrupts again.

    The line of a device stays masked until its driver acknowledges it.
    """
    if CPUS > 1:
        serve(cpu)
    line = claim()
    if line == NO_LINE:
        return
    cpu.interrupts += 1
    if is_timer(line):
        finish(line)
        take_timer(cpu)
    elif is_poke(line):
        finish(line)
        if CPUS > 1:
            serve(cpu)
    else:
        fire(line)
        finish(line)


def take_timer(cpu: Ptr[Cpu]) -> None:
    """Charge the time that passed, end the waits that are over, and see whether the running budget is used up."""
    now = clock_now()
    cpu.alarm = NO_DEADLINE
    set_deadline(NO_DEADLINE)
    context = cpu.context
    emptied = context is not None and context.count > 0 and now - cpu.since >= refills.head_amount(context)
    settle(cpu, now)
    expire(cpu, now)
    if emptied:
        end_piece(cpu, now)


def expire(cpu: Ptr[Cpu], now: u64) -> None:
    """End some waits whose time has come, and let contexts go on; for the others the timer comes again at once."""
    for _ in range(EXPIRED):
        timer = timers.earliest(cpu.timers)
        if timer is None or timer.time > now:
            return
        stop_timer(timer)
        thread = timer.thread
        context = timer.context
        if thread is not None:
            fail_wait(thread, Error.TIMED_OUT)
        elif context is not None:
            user = context.user
            if user is not None and user.state == ThreadState.READY:
                admit(user, False)


def end_piece(cpu: Ptr[Cpu], now: u64) -> None:
    """The running thread has used up a piece of budget: the next one's turn, its handler's, or the others'."""
    thread = cpu.thread
    context = cpu.context
    if thread is None or context is None or thread.state != ThreadState.READY:
        return
    if refills.is_due(context, now):
        pass_turn(cpu)
    elif thread.exhaustion_node.object is not None and thread.context is context:
        thread.fault_address = 0
        thread.fault_status = 0
        fault(cpu, thread, Fault.EXHAUSTED)
