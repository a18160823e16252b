"""Which thread runs next, and for how long.

A thread that is READY and has a context is in exactly one place: on a CPU, in that CPU's run queue, or waiting in the
CPU's timers until its context has budget again. A READY thread without a context waits for one. Calls hand a context on
without touching the clock: time is charged when a CPU changes from one context to another, and when its timer fires.
"""

from __future__ import annotations

from abi.kernel import ThreadState
from kernel import queues, refills, timers
from kernel.arch.chosen import relax, repeat_call, select, select_nobody
from kernel.chips.chosen import clock_now, send, set_deadline
from kernel.current import cpu_at, is_running
from kernel.limits import CPUS
from kernel.structures import Context, Cpu, Thread, Timer
from metal import U32, U64, Ptr, leading_zeros, noinline, u32, u64


def find_top(cpu: Ptr[Cpu]) -> u32:
    """The highest priority with a ready thread, and 1; 0 when there is none."""
    word = U32(4)
    while word > 0:
        word -= 1
        bits = cpu.present[word]
        if bits != 0:
            return word * 64 + U32(64 - leading_zeros(bits))
    return 0


def make_next(thread: Ptr[Thread], index: u32) -> None:
    """Let a thread run on a CPU when its turn comes.

    The first one in a stay of the kernel on its own CPU stays beside the queue: most often it runs at once.
    """
    cpu = cpu_at(index)
    first = cpu.next
    if first is not None:
        cpu.next = None
        enqueue(first, index, False)
        enqueue(thread, index, False)
    elif U32(thread.priority) + 1 > cpu.top and (CPUS == 1 or cpu.holds):
        cpu.next = thread
        cpu.look = True
        thread.cpu = index
    else:
        enqueue(thread, index, False)


def enqueue(thread: Ptr[Thread], index: u32, keeps_turn: bool) -> None:
    """Put a thread into a CPU's run queue, and poke that CPU when it should look."""
    cpu = cpu_at(index)
    priority = U32(thread.priority)
    if keeps_turn:
        queues.prepend(cpu.levels[priority], thread)
    else:
        queues.append(cpu.levels[priority], thread)
    cpu.present[priority >> 6] |= U64(1) << (priority & 63)
    thread.queued = True
    thread.cpu = index
    if priority + 1 > cpu.top:
        cpu.top = priority + 1
        cpu.look = True
        if CPUS > 1:
            poke_other(cpu)


def poke_other(cpu: Ptr[Cpu]) -> None:
    """Let another CPU look at its queues and timers; one that is inside the kernel will anyway."""
    if cpu.online and cpu.inside.load("relaxed") == 0:
        send(U64(cpu.index))


def look_again(index: u32) -> None:
    """Let a CPU choose anew and set its timer: what its thread runs on has changed."""
    cpu = cpu_at(index)
    cpu.look = True
    if CPUS > 1:
        poke_other(cpu)


def dequeue(thread: Ptr[Thread]) -> None:
    """Take a thread out of its run queue."""
    cpu = cpu_at(thread.cpu)
    priority = U32(thread.priority)
    queues.remove(cpu.levels[priority], thread)
    thread.queued = False
    if cpu.levels[priority].first is None:
        cpu.present[priority >> 6] &= ~(U64(1) << (priority & 63))
        if cpu.top == priority + 1:
            cpu.top = find_top(cpu)


def start_timer(timer: Ptr[Timer], index: u32, time: u64) -> None:
    """Set a timer on a CPU."""
    cpu = cpu_at(index)
    cpu.look = True
    timer.cpu = index
    timers.start(cpu.timers, timer, time)
    if CPUS > 1 and timers.first_time(cpu.timers) == time:
        poke_other(cpu)


def stop_timer(timer: Ptr[Timer]) -> None:
    """Stop a timer if it is set."""
    if timer.queued:
        timers.stop(cpu_at(timer.cpu).timers, timer)


def admit(thread: Ptr[Thread], keeps_turn: bool) -> None:
    """Let a READY thread that is nowhere run when its context allows."""
    context = thread.context
    if context is None or context.count == 0 or thread.queued or is_running(thread):
        return
    cpu = cpu_at(context.cpu)
    if cpu.next is thread:
        return
    if refills.is_due(context, cpu.since) or refills.is_due(context, clock_now()):
        if keeps_turn:
            enqueue(thread, context.cpu, True)
        else:
            make_next(thread, context.cpu)
    elif not context.release.queued:
        start_timer(context.release, context.cpu, refills.head_time(context))


def wake(thread: Ptr[Thread]) -> None:
    """A thread that waited, or was stopped, may run."""
    thread.state = ThreadState.READY
    admit(thread, False)


def withhold(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> None:
    """Take a thread away from wherever it runs or is queued; its registers are saved when this returns."""
    if thread.queued:
        dequeue(thread)
    beside = cpu_at(thread.cpu)
    if beside.next is thread:
        beside.next = None
    context = thread.context
    if context is not None:
        stop_timer(context.release)
    if is_running(thread):
        other = cpu_at(thread.cpu)
        if other is not cpu:
            evict(other)
        other.thread = None
        other.look = True


def evict(other: Ptr[Cpu]) -> None:
    """Bring another CPU into the kernel, where it waits for the lock and finds its thread taken."""
    send(U64(other.index))
    while other.inside.load("acquire") == 0:
        relax()
    thread = other.thread
    if thread is not None and other.calling:
        repeat_call(thread.frame)


def settle(cpu: Ptr[Cpu], now: u64) -> None:
    """Charge the context that runs for the time since it was charged last."""
    context = cpu.context
    thread = cpu.thread
    if context is None or thread is None or now <= cpu.since or not refills.holds_more(context, now - cpu.since):
        settle_fully(cpu, now)
        return
    used = now - cpu.since
    context.used += used
    thread.used += used
    refills.charge_head(context, cpu.since, used)
    cpu.since = now
    cpu.look = True


@noinline
def settle_fully(cpu: Ptr[Cpu], now: u64) -> None:
    """The same when nothing is to be charged, or more than the context's head may lose."""
    context = cpu.context
    if context is None:
        cpu.idle += now - cpu.since
    elif now > cpu.since:
        used = now - cpu.since
        context.used += used
        refills.charge(context, cpu.since, used)
        thread = cpu.thread
        if thread is not None:
            thread.used += used
    cpu.since = now
    cpu.look = True


def settle_now(cpu: Ptr[Cpu]) -> u64:
    """Charge what runs on this CPU up to now, once in a stay of the kernel; that moment."""
    if not cpu.settled:
        settle(cpu, clock_now())
        cpu.settled = True
    return cpu.since


def change_context(cpu: Ptr[Cpu], context: Ptr[Context] | None) -> None:
    """Let another context's time run on this CPU, or nobody's."""
    now = settle_now(cpu)
    cpu.context = context
    if context is not None:
        refills.melt(context, now)


def forget_context(context: Ptr[Context]) -> None:
    """Charge a context that is going away; no CPU counts its time any more."""
    for index in range(U32(CPUS)):
        cpu = cpu_at(index)
        if cpu.context is context:
            settle(cpu, clock_now())
            cpu.context = None


def runs_on(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> bool:
    """Whether the CPU's thread may go on as far as it and its context are concerned."""
    context = thread.context
    if thread.state != ThreadState.READY or context is None:
        return False
    return context is cpu.context and belongs(context, cpu) and refills.is_due(context, cpu.since)


def belongs(context: Ptr[Context], cpu: Ptr[Cpu]) -> bool:
    """Whether a context's time is this CPU's."""
    return CPUS == 1 or context.cpu == cpu.index


def choose(cpu: Ptr[Cpu]) -> None:
    """Find the thread that runs next on this CPU and select its frame; nobody when none is ready."""
    thread = cpu.thread
    if thread is not None:
        if runs_on(cpu, thread):
            best = cpu.top
            following = cpu.next
            if following is not None and U32(following.priority) + 1 > best:
                best = U32(following.priority) + 1
            if best <= U32(thread.priority) + 1:
                keep_running(cpu)
                return
            put_back(cpu, thread)
        else:
            cpu.thread = None
            if thread.state == ThreadState.READY:
                admit(thread, False)
    take_best(cpu)


def keep_running(cpu: Ptr[Cpu]) -> None:
    """The CPU's thread goes on; who was made ready beside the queue joins it."""
    following = cpu.next
    if following is not None:
        cpu.next = None
        enqueue(following, cpu.index, False)
    arm(cpu)


def take_best(cpu: Ptr[Cpu]) -> None:
    """The CPU has no thread: run the one beside the queue, the first of the best level, or nobody."""
    following = cpu.next
    if following is not None:
        cpu.next = None
        if U32(following.priority) + 1 > cpu.top:
            run(cpu, following)
            return
        enqueue(following, cpu.index, False)
    first = take_first(cpu)
    if first is None:
        rest(cpu)
    else:
        run(cpu, first)


def take_first(cpu: Ptr[Cpu]) -> Ptr[Thread] | None:
    """Take the first thread of the best level out of the run queue."""
    if cpu.top == 0:
        return None
    first = cpu.levels[cpu.top - 1].first
    if first is not None:
        dequeue(first)
    return first


def put_back(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> None:
    """A better thread is ready: the one that ran keeps its turn, unless its budget just ended."""
    now = settle_now(cpu)
    cpu.thread = None
    context = thread.context
    if context is not None and refills.is_due(context, now):
        enqueue(thread, cpu.index, True)
    else:
        admit(thread, False)


def run(cpu: Ptr[Cpu], thread: Ptr[Thread]) -> None:
    """Make a thread that is in no queue the CPU's."""
    context = thread.context
    if context is not cpu.context:
        change_context(cpu, context)
    thread.cpu = cpu.index
    cpu.thread = thread
    cpu.choices += 1
    select(cpu.record, thread.frame)
    arm(cpu)


def rest(cpu: Ptr[Cpu]) -> None:
    """Nobody is ready."""
    if cpu.context is not None:
        change_context(cpu, None)
    select_nobody(cpu.record)
    arm(cpu)


def arm(cpu: Ptr[Cpu]) -> None:
    """Who runs is chosen: set the CPU's timer for what comes first, a timer or the end of the running budget."""
    cpu.look = False
    cpu.settled = False
    time = timers.first_time(cpu.timers)
    context = cpu.context
    if context is not None and context.count > 0:
        end = cpu.since + refills.head_amount(context)
        if end < time:
            time = end
    if time != cpu.alarm:
        cpu.alarm = time
        set_deadline(time)


def pass_turn(cpu: Ptr[Cpu]) -> None:
    """The running thread goes behind the others of its priority."""
    thread = cpu.thread
    if thread is None:
        return
    now = settle_now(cpu)
    cpu.thread = None
    context = thread.context
    if context is not None and refills.is_due(context, now):
        enqueue(thread, cpu.index, False)
    else:
        admit(thread, False)
