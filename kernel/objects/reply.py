"""Reply rights: the record of a call in its caller, the right in the server's register or a slot, and their end."""

from __future__ import annotations

from abi import rights
from abi.kernel import Error, Fault, Kind, ThreadState
from kernel import lending
from kernel.answers import AGAIN, DONE, refused
from kernel.casts import thread_of
from kernel.current import kernel
from kernel.handles import INDEX_MASK, KIND_SHIFT, RIGHTS_MASK, empty_slot, fill_key, find, grow, need
from kernel.messages import check_page, copy_words, deliver_page, failed
from kernel.scheduler import wake
from kernel.structures import Cpu, Node, Thread
from metal import U64, Ptr, u64


def new_number() -> u64:
    """A number that no call ever had."""
    kernel.calls += 1
    return kernel.calls


def accept(caller: Ptr[Thread], server: Ptr[Thread]) -> None:
    """A caller's message was received: it waits for the reply, and the right is in the server's register."""
    caller.state = ThreadState.AWAITING_REPLY
    caller.server = server
    server.caller = caller
    server.caller_number = caller.number
    server.straight = None
    lending.lend(caller, server)


def forget_record(caller: Ptr[Thread]) -> None:
    """The caller waits no more: the right, wherever it is, becomes stale."""
    server = caller.server
    if server is not None:
        server.caller = None
        caller.server = None
    kept = caller.kept
    if kept is not None:
        kept.object = None
        caller.kept = None


def finish(caller: Ptr[Thread], status: u64) -> None:
    """End a call: the one place where a caller that waits for a reply goes on."""
    forget_record(caller)
    caller.fault = Fault.NONE
    caller.frame.handle = status
    caller.frame.number = 0
    wake(caller)


def answer(server: Ptr[Thread], caller: Ptr[Thread]) -> None:
    """Give the server's message to the caller; a fault is answered by going on, its registers as they were."""
    if caller.fault != Fault.NONE:
        resume_fault(caller)
        return
    copy_words(server, caller)
    if caller.long:
        deliver_page(server, caller)
    finish(caller, DONE)


def resume_fault(caller: Ptr[Thread]) -> None:
    """A handler answered: the thread that faulted goes on where it was."""
    forget_record(caller)
    caller.fault = Fault.NONE
    wake(caller)


def drop(server: Ptr[Thread]) -> None:
    """End the right in a server's register without a reply, and give back what came with it."""
    caller = server.caller
    server.caller = None
    server.caller_number = 0
    lending.give_back(server)
    if caller is not None:
        abandon(caller)


def abandon(caller: Ptr[Thread]) -> None:
    """A right ended without a reply: its caller is told, or stops when it waited with a fault."""
    if caller.fault != Fault.NONE:
        forget_record(caller)
        caller.state = ThreadState.STOPPED
        return
    finish(caller, failed(Error.SERVER_DIED))


def empty_register(server: Ptr[Thread], number: u64) -> None:
    """The reply half of REPLY_RECEIVE: answer if the number names the right, drop what is there otherwise."""
    caller = server.caller
    if caller is None or server.caller_number != number:
        drop(server)
        return
    server.caller = None
    server.caller_number = 0
    lending.give_back(server)
    answer(server, caller)


def reply(cpu: Ptr[Cpu], thread: Ptr[Thread], handle: u64, number: u64, long: bool) -> u64:
    """REPLY: from the register, or with a right that was kept."""
    problem = check_page(thread, long, True)
    if isinstance(problem, Error):
        return refused(problem)
    if handle != 0:
        return reply_kept(thread, handle, long)
    if number == 0 or thread.caller_number != number:
        return refused(Error.NO_REPLY)
    if lending.is_lent(thread):
        return refused(Error.NO_CONTEXT)
    thread.long = long
    caller = thread.caller
    thread.caller = None
    thread.caller_number = 0
    if caller is None:
        return refused(Error.STALE)
    answer(thread, caller)
    return DONE


def reply_kept(thread: Ptr[Thread], handle: u64, long: bool) -> u64:
    """REPLY with a handle."""
    node = find(thread, handle, need(Kind.REPLY, rights.REPLY_ANSWER))
    if isinstance(node, Error):
        return refused(node)
    thread.long = long
    header = node.object
    empty_kept(node)
    if header is None:
        return refused(Error.STALE)
    answer(thread, thread_of(header))
    return DONE


def empty_kept(node: Ptr[Node]) -> None:
    """Empty a slot that holds a right; the caller's record forgets it."""
    header = node.object
    if header is not None:
        thread_of(header).kept = None
    node.object = None
    node.key = 0
    node.powers = 0
    node.badge = 0
    if node.generation < RIGHTS_MASK:
        node.generation += 1


def keep(cpu: Ptr[Cpu], thread: Ptr[Thread], number: u64, slot: u64) -> u64:
    """KEEP: move the right from the register to a slot."""
    table = thread.table
    if number == 0 or thread.caller_number != number or table is None:
        return refused(Error.NO_REPLY)
    if lending.is_lent(thread):
        return refused(Error.NO_CONTEXT)
    if not grow(table, slot):
        return AGAIN
    node = empty_slot(table, slot)
    if isinstance(node, Error):
        return refused(node)
    caller = thread.caller
    thread.caller = None
    thread.caller_number = 0
    node.powers = (U64(1) << (U64(Kind.REPLY) + KIND_SHIFT)) | rights.REPLY_ANSWER
    node.badge = number
    if caller is not None:
        node.object = caller.header
        caller.server = None
        caller.kept = node
    thread.frame.words[0] = fill_key(node, slot & INDEX_MASK)
    return DONE
