"""Threads: their bindings, starting and stopping them, and looking at them."""

from __future__ import annotations

from abi import rights
from abi.kernel import MESSAGE_PAGE_BYTES, Binding, Error, Fault, Kind, ThreadState
from kernel import casts, tree
from kernel.answers import AGAIN, DONE, LEFT, refused
from kernel.arch.chosen import PAGE_BITS, REGISTERS, USER_TOP, frame_start, get_register, put_register
from kernel.casts import endpoint_of, memory_of, notification_of, space_of, table_of, thread_of
from kernel.current import is_running, preemption_due
from kernel.ending import forget_registers, retire
from kernel.handles import find, need
from kernel.limits import PRIORITIES
from kernel.objects import context as contexts
from kernel.objects.endpoint import wake_waiter
from kernel.objects.space import clear_until
from kernel.queues import join, leave
from kernel.scheduler import dequeue, enqueue, look_again, wake
from kernel.structures import Cpu, Header, Node, Place, Thread
from kernel.teardown import delete_step
from metal import U8, U64, Ptr, u64


def thread_at_node(node: Ptr[Node]) -> Ptr[Thread] | Error:
    """The thread that a node names; the lookup has proved the kind."""
    header = node.object
    if header is None:
        return Error.NO_HANDLE
    return thread_of(header)


def node_of(thread: Ptr[Thread], binding: u64) -> Ptr[Node] | Error:
    """Where a thread keeps a binding."""
    if binding == U64(Binding.SPACE):
        return thread.space_node
    if binding == U64(Binding.TABLE):
        return thread.table_node
    if binding == U64(Binding.CONTEXT):
        return thread.context_node
    if binding == U64(Binding.HANDLER):
        return thread.handler_node
    if binding == U64(Binding.EXHAUSTION):
        return thread.exhaustion_node
    if binding == U64(Binding.NOTIFICATION):
        return thread.notification_node
    if binding == U64(Binding.MESSAGE_PAGE):
        return thread.page_node
    return Error.BAD_ARGUMENT


def place_of(binding: u64) -> Place:
    """The place that a binding's node has."""
    if binding == U64(Binding.SPACE):
        return Place.SPACE
    if binding == U64(Binding.TABLE):
        return Place.TABLE
    if binding == U64(Binding.CONTEXT):
        return Place.CONTEXT
    if binding == U64(Binding.HANDLER):
        return Place.HANDLER
    if binding == U64(Binding.EXHAUSTION):
        return Place.EXHAUSTION
    if binding == U64(Binding.NOTIFICATION):
        return Place.NOTIFICATION
    return Place.MESSAGE_PAGE


def needed_for(binding: u64) -> u64:
    """What a handle must have to be bound."""
    if binding == U64(Binding.SPACE):
        return need(Kind.SPACE, rights.SPACE_BIND)
    if binding == U64(Binding.TABLE):
        return need(Kind.TABLE, rights.TABLE_BIND)
    if binding == U64(Binding.CONTEXT):
        return need(Kind.CONTEXT, rights.CONTEXT_BIND)
    if binding == U64(Binding.HANDLER) or binding == U64(Binding.EXHAUSTION):
        return need(Kind.ENDPOINT, rights.ENDPOINT_CALL)
    if binding == U64(Binding.NOTIFICATION):
        return need(Kind.NOTIFICATION, rights.NOTIFICATION_WAIT)
    return need(Kind.MEMORY, rights.MEMORY_READ | rights.MEMORY_WRITE)


def bind(caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_BIND: the binding is a handle derived from the one that was given."""
    words = caller.frame.words
    binding = words[0]
    extra = words[2]
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    target = node_of(thread, binding)
    if isinstance(target, Error):
        return refused(target)
    given = find(caller, words[1], needed_for(binding))
    if isinstance(given, Error):
        return refused(given)
    header = given.object
    problem = tree.derivable(given)
    if isinstance(problem, Error):
        return refused(problem)
    if header is None or target.object is not None:
        return refused(Error.BOUND)
    badge = given.badge
    if binding == U64(Binding.HANDLER) or binding == U64(Binding.EXHAUSTION):
        if extra >> 62 != 0 or (badge != 0 and extra != 0 and extra != badge):
            return refused(Error.BAD_ARGUMENT)
        if extra != 0:
            badge = extra
    trouble = bindable(thread, binding, header, extra)
    if isinstance(trouble, Error):
        return refused(trouble)
    if binding == U64(Binding.MESSAGE_PAGE) and not clear_until(memory_of(header), extra + MESSAGE_PAGE_BYTES):
        return AGAIN
    target.place = place_of(binding)
    target.holder = thread.header
    tree.fill(target, header, needed_for(binding) & 0xFFFF_FFFF, badge, given)
    take_effect(thread, binding, header, extra)
    return DONE


def bindable(thread: Ptr[Thread], binding: u64, header: Ptr[Header], extra: u64) -> Error | None:
    """Why an object cannot be bound to a thread."""
    if binding == U64(Binding.CONTEXT):
        return contexts.bindable(casts.context_of(header), thread)
    if binding == U64(Binding.EXHAUSTION):
        return Error.CALLS_ONLY if endpoint_of(header).calls_only else None
    if binding == U64(Binding.NOTIFICATION):
        if notification_of(header).thread is not None:
            return Error.BOUND
        if thread.state != ThreadState.READY and thread.state != ThreadState.STOPPED:
            return Error.BUSY
        return None
    if binding == U64(Binding.MESSAGE_PAGE):
        memory = memory_of(header)
        if extra & ((1 << PAGE_BITS) - 1) != 0 or extra >= memory.size or memory.device:
            return Error.BAD_ARGUMENT
        return Error.BUSY if memory.used > 0 else None
    return None


def take_effect(thread: Ptr[Thread], binding: u64, header: Ptr[Header], extra: u64) -> None:
    """Let the thread know what it has; nothing here can fail."""
    if binding == U64(Binding.SPACE):
        space = space_of(header)
        thread.space = space
        thread.frame.space = space.register
    elif binding == U64(Binding.TABLE):
        thread.table = table_of(header)
    elif binding == U64(Binding.CONTEXT):
        contexts.bind(casts.context_of(header), thread)
    elif binding == U64(Binding.NOTIFICATION):
        notification = notification_of(header)
        notification.thread = thread
        thread.notification = notification
        wake_waiter(thread)
    elif binding == U64(Binding.MESSAGE_PAGE):
        memory = memory_of(header)
        memory.pins += 1
        thread.message_page = casts.to_virtual(memory.base + extra)


def unbind(cpu: Ptr[Cpu], caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_UNBIND."""
    binding = caller.frame.words[0]
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    target = node_of(thread, binding)
    if isinstance(target, Error):
        return refused(target)
    if target.object is None:
        return refused(Error.NOT_BOUND)
    if thread is caller and (binding == U64(Binding.SPACE) or binding == U64(Binding.TABLE)):
        return refused(Error.SELF)
    context = thread.home
    if binding == U64(Binding.CONTEXT) and context is not None and context.user is not thread:
        return refused(Error.BUSY)
    while not delete_step(cpu, target):
        if preemption_due():
            return AGAIN
    return DONE


def set_priority(cpu: Ptr[Cpu], caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_SET: a queued thread leaves its queue and enters it again."""
    priority = caller.frame.words[0]
    ceiling = caller.frame.words[1]
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    if priority >= PRIORITIES or ceiling >= PRIORITIES:
        return refused(Error.BAD_ARGUMENT)
    if priority > U64(caller.ceiling) or ceiling > U64(caller.ceiling):
        return refused(Error.PRIORITY)
    thread.ceiling = U8(ceiling)
    change_priority(thread, priority)
    return DONE


def change_priority(thread: Ptr[Thread], priority: u64) -> None:
    """Stand where the new priority belongs."""
    endpoint = thread.endpoint
    if thread.queued:
        index = thread.cpu
        dequeue(thread)
        thread.priority = U8(priority)
        enqueue(thread, index, False)
    elif endpoint is not None:
        queue = endpoint.receivers if thread.state == ThreadState.RECEIVING else endpoint.senders
        leave(queue, thread)
        thread.priority = U8(priority)
        join(queue, thread)
    else:
        thread.priority = U8(priority)
    if is_running(thread):
        look_again(thread.cpu)


def start(cpu: Ptr[Cpu], caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_START: from the beginning, whatever it did."""
    words = caller.frame.words
    entry = words[0]
    stack = words[1]
    argument = words[2]
    pointer = words[3]
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    space = thread.space
    if space is None or thread.table is None:
        return refused(Error.NOT_BOUND)
    if entry >= USER_TOP:
        return refused(Error.BAD_ADDRESS)
    retire(cpu, thread)
    forget_registers(thread)
    frame_start(thread.frame, entry, stack, argument)
    thread.frame.thread_pointer = pointer
    thread.frame.space = space.register
    set_going(thread)
    return LEFT if thread is caller else DONE


def set_going(thread: Ptr[Thread]) -> None:
    """A stopped thread may run; its own context is its again when nobody else uses it."""
    home = thread.home
    if home is not None and home.user is None and thread.context is None:
        thread.context = home
        home.user = thread
    thread.fault = Fault.NONE
    wake(thread)


def stop(cpu: Ptr[Cpu], caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_STOP: a thread that waited finds STOPPED when it is resumed."""
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    waited = thread.state != ThreadState.READY and thread.state != ThreadState.STOPPED and thread.fault == Fault.NONE
    fault = thread.fault
    if thread is caller:
        thread.frame.handle = DONE
    retire(cpu, thread)
    thread.fault = fault
    if waited:
        thread.frame.handle = failed_stopped()
    return LEFT if thread is caller else DONE


def failed_stopped() -> u64:
    """The status of a wait that a stop ended."""
    return (U64(1) << 63) | U64(Error.STOPPED)


def resume(caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_RESUME."""
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    if thread.state != ThreadState.STOPPED:
        return refused(Error.BUSY)
    if thread.space is None or thread.table is None:
        return refused(Error.NOT_BOUND)
    set_going(thread)
    return DONE


def read(caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_READ."""
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    words = caller.frame.words
    words[0] = U64(thread.state)
    words[1] = U64(thread.fault)
    words[2] = thread.fault_address
    words[3] = thread.frame.pc
    words[4] = thread.frame.stack
    words[5] = thread.used
    words[6] = U64(thread.priority)
    words[7] = U64(thread.cpu)
    return DONE


def registers(caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_REGISTERS: eight from the first one named; those that do not exist read as 0."""
    first = caller.frame.words[0]
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    if first >= REGISTERS:
        return refused(Error.BAD_ARGUMENT)
    words = caller.frame.words
    for index in range(U64(8)):
        words[index] = get_register(thread.frame, first + index) if first + index < REGISTERS else 0
    return DONE


def write(caller: Ptr[Thread], node: Ptr[Node]) -> u64:
    """THREAD_WRITE: of a thread that is stopped or waits with a fault."""
    register = caller.frame.words[0]
    value = caller.frame.words[1]
    thread = thread_at_node(node)
    if isinstance(thread, Error):
        return refused(thread)
    if register >= REGISTERS:
        return refused(Error.BAD_ARGUMENT)
    if thread.state != ThreadState.STOPPED and thread.fault == Fault.NONE:
        return refused(Error.BUSY)
    put_register(thread.frame, register, value)
    return DONE
