"""Bugs to be planted into the kernel: wrong rules, forgotten steps, missing checks. The tests must see each of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bug:
    """One change of one file."""

    name: str
    file: str
    old: str
    new: str


BUGS = (
    Bug(
        "a receive overwrites the reply register",
        "objects/endpoint.py",
        "if not replies and thread.caller_number != 0:",
        "if not replies and thread.caller_number == 1 << 50:",
    ),
    Bug(
        "a right that ends says nothing",
        "objects/reply.py",
        "    finish(caller, failed(Error.SERVER_DIED))",
        "    caller.fault = Fault.NONE",
    ),
    Bug(
        "the timer outlives the wait",
        "waiting.py",
        "        thread.via_previous = None\n    stop_timer(thread.timer)",
        "        thread.via_previous = None",
    ),
    Bug(
        "queues ignore priority",
        "queues.py",
        "        if leader.priority <= thread.priority:",
        "        if leader.priority == thread.priority:",
    ),
    Bug(
        "pending bits are not looked at",
        "objects/endpoint.py",
        "if notification is not None and notification.word != 0 and not lending.is_passive(thread):",
        "if notification is not None and notification.word == 1 << 60 and not lending.is_passive(thread):",
    ),
    Bug(
        "anybody may send to a passive server",
        "objects/endpoint.py",
        "    if endpoint.calls_only:\n        return refused(Error.CALLS_ONLY)\n",
        "",
    ),
    Bug(
        "a passive thread may wait anywhere",
        "objects/endpoint.py",
        "    if lending.is_passive(thread):\n        if deadline",
        "    if thread.number == 1 << 50:\n        if deadline",
    ),
    Bug(
        "a signal wakes a passive thread",
        "objects/notification.py",
        "and thread.fault == Fault.NONE and not lending.is_passive(thread)",
        "and thread.fault == Fault.NONE",
    ),
    Bug(
        "a right is kept on lent time",
        "objects/reply.py",
        "    if lending.is_lent(thread):\n        return refused(Error.NO_CONTEXT)\n    if not grow",
        "    if not grow",
    ),
    Bug(
        "a stale right keeps the context",
        "objects/reply.py",
        "    lending.give_back(server)\n    if caller is not None:\n        abandon(caller)",
        "    if caller is not None:\n        abandon(caller)",
    ),
    Bug("a lender that starts anew is not spliced out", "ending.py", "    lending.splice(thread)\n", ""),
    Bug(
        "a context is bound in the middle of a call",
        "objects/context.py",
        "    if thread.context is not None or thread.lent is not None:",
        "    if thread.number == 1 << 50:",
    ),
    Bug(
        "binding a context forgets pending bits",
        "objects/context.py",
        "    wake_waiter(thread)\n\n\ndef release",
        "\n\ndef release",
    ),
    Bug(
        "a full list of refills advances",
        "refills.py",
        "        if delayed > context.times[last]:\n            context.times[last] = delayed\n",
        "        assert delayed > 0\n",
    ),
    Bug(
        "used budget never comes back",
        "refills.py",
        "    give_later(context, start + context.period, amount, context.count > 1)\n",
        "",
    ),
    Bug("budget comes back at once", "refills.py", "start + context.period, amount,", "start, amount,"),
    Bug("a used-up piece comes back at once", "refills.py", "start + context.period, part,", "start, part,"),
    Bug(
        "derivation goes on below a revocation",
        "tree.py",
        "        if above.revoking:",
        "        if above.revoking and depth > 99:",
    ),
    Bug(
        "waits survive the revocation of their handle",
        "removal.py",
        "    if abort_waiter(node):\n        return False\n",
        "",
    ),
    Bug(
        "revocation forgets the objects",
        "teardown.py",
        "header.kind == Kind.MEMORY and work_step(cpu, memory_of(header)):",
        "header.kind == Kind.MEMORY and False:",
    ),
    Bug(
        "a thread may revoke itself",
        "objects/table.py",
        "    if revokes_itself(thread, node):",
        "    if node.generation == 1 << 30:",
    ),
    Bug(
        "unmapping tells no CPU",
        "memory/spaces.py",
        "    if steps > 0 and not space.forgotten:",
        "    if steps > 1 << 40 and not space.forgotten:",
    ),
    Bug(
        "unmapping tells only its own CPU",
        "memory/invalidation.py",
        "                ask(other, tag, address, pages)",
        "                pass",
    ),
    Bug(
        "memory is written and executed",
        "objects/space.py",
        " or wanted.access & (WRITE | EXECUTE) == WRITE | EXECUTE:",
        ":",
    ),
    Bug(
        "memory with objects is mapped", "objects/space.py", "    if memory.used > 0:", "    if memory.used > 1 << 60:"
    ),
    Bug("mapped memory pays", "objects/memory.py", "    if memory.pins > 0 or memory.device:", "    if memory.device:"),
    Bug(
        "rights are not checked",
        "handles.py",
        "    if node.powers & needed != needed or node.powers == 0:",
        "    if node.powers == 0 or node.powers & needed < 1 << 32 and needed != 0:",
    ),
    Bug(
        "an old handle names a new object",
        "removal.py",
        "        node.generation += 1\n    if header",
        "        pass\n    if header",
    ),
    Bug(
        "a free size is still listed",
        "memory/blocks.py",
        "        if after is None:\n            memory.sizes &= ~(U64(1) << order)\n",
        "",
    ),
    Bug("blocks are not charged", "memory/blocks.py", "    memory.used += wanted\n", ""),
    Bug(
        "a mapping that goes keeps its memory pinned",
        "removal.py",
        "        memory_of(header).pins -= 1",
        "        memory_of(header).pins -= 0",
    ),
    Bug(
        "memory is shown as it was",
        "objects/space.py",
        "        casts.clear(casts.to_virtual(memory.base + memory.cleared), step)\n",
        "",
    ),
    Bug(
        "new objects are not cleared",
        "objects/memory.py",
        "    if block != 0:\n        casts.clear(block, (bytes + 7) & ~U64(7))\n",
        "",
    ),
    Bug(
        "an empty level looks full",
        "scheduler.py",
        "        cpu.present[priority >> 6] &= ~(U64(1) << (priority & 63))\n",
        "",
    ),
    Bug("the heap of timers is not put in order", "timers.py", "    rise(cell)\n    sink(cell)\n", "    pass\n"),
    Bug(
        "a thread is stopped without its CPU",
        "scheduler.py",
        "        if other is not cpu:\n            evict(other)\n",
        "",
    ),
    Bug(
        "handles in messages keep all rights",
        "messages.py",
        "node.powers & rights & RIGHTS_MASK",
        "node.powers & RIGHTS_MASK",
    ),
    Bug(
        "an interrupt is not masked",
        "objects/interrupt.py",
        "    mask(line)\n    interrupt = kernel",
        "    interrupt = kernel",
    ),
    Bug(
        "requests begin with too little time",
        "objects/endpoint.py",
        "    refills.reserve(context, amount + LEAST_BUDGET)\n    return False",
        "    return True",
    ),
    Bug("children of a deleted handle are lost", "teardown.py", "        tree.attach(parent, child)\n", ""),
    Bug(
        "a mapping overwrites another",
        "memory/spaces.py",
        "        if load(owner_place(table, address)) != 0:\n            return Error.MAPPED\n",
        "",
    ),
    Bug(
        "tables of a dead space are kept",
        "teardown.py",
        "    if payer is None or not free_tables_step(space, payer):",
        "    if payer is None:",
    ),
    Bug(
        "a priority above the ceiling",
        "objects/thread.py",
        "    if priority > U64(caller.ceiling) or ceiling > U64(caller.ceiling):",
        "    if priority > 1 << 20:",
    ),
    Bug(
        "the running thread keeps its CPU",
        "scheduler.py",
        "            if best <= U32(thread.priority) + 1:",
        "            if best <= U32(thread.priority) + 100:",
    ),
    Bug(
        "the straight road stays open when a second server waits",
        "waiting.py",
        "        endpoint.ready = None\n        if state",
        "        if state",
    ),
    Bug(
        "the straight road leads to a server that left",
        "waiting.py",
        "        endpoint.ready = None\n        if thread.state",
        "        if thread.state",
    ),
    Bug(
        "the straight road leads to a server that got time of its own",
        "objects/context.py",
        "        endpoint.ready = None\n",
        "        pass\n",
    ),
    Bug(
        "the straight road asks for no budget",
        "objects/endpoint.py",
        "endpoint.calls_only and endpoint.needs == 0:",
        "endpoint.calls_only:",
    ),
    Bug(
        "any call is answered by the straight road",
        "objects/reply.py",
        "    server.straight = None\n",
        "",
    ),
    Bug(
        "an answer on the straight road passes by who is ready",
        "road.py",
        " or cpu.top > U32(caller.priority) + 1:",
        ":",
    ),
    Bug(
        "the straight road takes a stale answer",
        "road.py",
        " or server.caller_number != server.frame.number:",
        ":",
    ),
    Bug(
        "the straight road asks for no right",
        "road.py",
        "if node is None or node.powers & CALL_POWERS != CALL_POWERS or context is None:",
        "if node is None or context is None:",
    ),
    Bug(
        "an interrupted call is not made again",
        "trap.py",
        "        repeat_call(thread.frame)\n        return\n",
        "        pass\n",
    ),
)
