"""The one table of calls: what each needs of its handle, and what it does.

`operate` looks the handle up once, against the row of the table that abi/calls.py holds; the operation then gets a node
whose kind and rights are proved.
"""

from __future__ import annotations

from abi.kernel import LONG, NEVER, Call, Error
from kernel.answers import DONE, LEFT, refused
from kernel.handles import find
from kernel.objects import (
    context,
    endpoint,
    interrupt,
    machine,
    memory,
    notification,
    ports,
    reply,
    space,
    table,
    thread,
)  # fmt: skip
from kernel.scheduler import pass_turn
from kernel.structures import Cpu, Node, Thread
from metal import U64, Array, Ptr, comptime, const, noinline, u64


@comptime
def needs() -> list[int]:
    """Each operation's row, by number."""
    from abi.calls import required

    return required()


NEEDS: Array[u64] = const(needs())


def operate(cpu: Ptr[Cpu], caller: Ptr[Thread], number: u64) -> u64:
    """Do what a thread asks for: the answer is DONE, an error, LEFT or AGAIN."""
    operation = number & ~U64(LONG)
    if operation >= len(NEEDS) or number > LONG + operation:
        return refused(Error.NO_CALL)
    needed = NEEDS[operation]
    if needed == 0:
        return operate_alone(cpu, caller, operation, number & LONG != 0)
    node = find(caller, caller.frame.handle, needed)
    if isinstance(node, Error):
        return refused(node)
    return operate_on(cpu, caller, node, operation, number & LONG != 0)


@noinline
def operate_on(cpu: Ptr[Cpu], caller: Ptr[Thread], node: Ptr[Node], operation: u64, long: bool) -> u64:
    """The operations on an object."""
    frame = caller.frame
    match operation:
        case Call.CALL:
            return endpoint.call(cpu, caller, node, NEVER, long)
        case Call.REPLY_RECEIVE:
            return endpoint.reply_receive(cpu, caller, node, frame.number, long)
        case Call.SEND:
            return endpoint.send(cpu, caller, node, NEVER, long)
        case Call.RECEIVE:
            return endpoint.receive(cpu, caller, node, NEVER, long)
        case Call.CALL_UNTIL:
            return endpoint.call(cpu, caller, node, frame.number, long)
        case Call.SEND_UNTIL:
            return endpoint.send(cpu, caller, node, frame.number, long)
        case Call.RECEIVE_UNTIL:
            return endpoint.receive(cpu, caller, node, frame.number, long)
        case Call.SIGNAL:
            return notification.signal(caller, node, frame.words[0])
        case Call.POLL:
            return notification.poll(caller, node)
        case Call.PRINT:
            return machine.print_bytes(caller)
        case Call.CREATE:
            return memory.create(cpu, caller, node)
        case Call.RECLAIM:
            return memory.reclaim(cpu, caller, node)
        case Call.MEMORY_READ:
            return memory.read(caller, node)
        case Call.MAP:
            return space.map_memory(cpu, caller, node)
        case Call.UNMAP:
            return space.unmap(cpu, caller, node)
        case Call.PORT_READ:
            return ports.read(caller, node)
        case Call.PORT_WRITE:
            return ports.write(caller, node)
        case Call.THREAD_BIND:
            return thread.bind(caller, node)
        case Call.THREAD_UNBIND:
            return thread.unbind(cpu, caller, node)
        case Call.THREAD_SET:
            return thread.set_priority(cpu, caller, node)
        case Call.THREAD_START:
            return thread.start(cpu, caller, node)
        case Call.THREAD_STOP:
            return thread.stop(cpu, caller, node)
        case Call.THREAD_RESUME:
            return thread.resume(caller, node)
        case Call.THREAD_READ:
            return thread.read(caller, node)
        case Call.THREAD_REGISTERS:
            return thread.registers(caller, node)
        case Call.THREAD_WRITE:
            return thread.write(caller, node)
        case Call.CONTEXT_SET:
            words = frame.words
            return context.set_budget(caller, node, words[0], words[1], words[2], words[3])
        case Call.CONTEXT_DIVIDE:
            return context.divide(caller, node, frame.words[0], frame.words[1])
        case Call.CONTEXT_READ:
            return context.read(caller, node)
        case Call.INTERRUPT_BIND:
            return interrupt.bind(caller, node, frame.words[0], frame.words[1])
        case Call.INTERRUPT_UNBIND:
            return machine.unbind_interrupt(cpu, node)
        case Call.INTERRUPT_ACKNOWLEDGE:
            return interrupt.acknowledge(node)
        case Call.MACHINE_INTERRUPT:
            return machine.make_interrupt(caller)
        case Call.MACHINE_DEVICE:
            return machine.make_device_memory(caller)
        case Call.MACHINE_PHYSICAL:
            return machine.physical_address(caller)
        case Call.MACHINE_STOP:
            return machine.power_off(caller)
        case Call.MACHINE_RESTART:
            return machine.restart(caller)
        case Call.MACHINE_READ:
            return machine.read(caller)
        case _:
            return refused(Error.NO_CALL)


@noinline
def operate_alone(cpu: Ptr[Cpu], caller: Ptr[Thread], operation: u64, long: bool) -> u64:
    """The operations of the thread itself, and those that take a handle of any kind."""
    frame = caller.frame
    match operation:
        case Call.REPLY:
            return reply.reply(cpu, caller, frame.handle, frame.number, long)
        case Call.KEEP:
            return reply.keep(cpu, caller, frame.number, frame.words[0])
        case Call.WAIT_UNTIL:
            return endpoint.receive(cpu, caller, None, frame.number, False)
        case Call.YIELD:
            frame.handle = DONE
            pass_turn(cpu)
            return LEFT
        case Call.CLOCK:
            return machine.read_clock(caller)
        case Call.DERIVE:
            return table.derive(caller, frame.handle)
        case Call.MOVE:
            return table.move(caller, frame.handle)
        case Call.DELETE:
            return table.delete(cpu, caller, frame.handle)
        case Call.REVOKE:
            return table.revoke(cpu, caller, frame.handle)
        case Call.IDENTIFY:
            return table.identify(caller, frame.handle)
        case _:
            return refused(Error.NO_CALL)
