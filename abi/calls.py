"""The table of calls: for each its object, rights, what goes in and comes out, and every refusal with its cause.

Plain Python: the kernel takes its check table from here when it is compiled, and docs/kernel.md is written from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from abi import rights
from abi.kernel import Call, Error, Kind


@dataclass(frozen=True)
class CallRow:
    """One call."""

    call: Call
    kind: Kind | None
    rights: int
    does: str
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    number: str = ""
    refuses: dict[Error, str] = field(default_factory=dict[Error, str])
    long: bool = False


_DEADLINE = "deadline in ticks of the clock, or NEVER"
_MESSAGE = ("the eight words of the message",)
_GONE = {Error.GONE: "the endpoint went, or the handle it was reached through was revoked, while the caller waited"}
_LATE = {Error.TIMED_OUT: "nobody was there until the deadline"}
_PAGE = {Error.NO_PAGE: "a LONG form was used and the thread has no message page"}
_LENGTHS = {Error.BAD_ARGUMENT: "the message page names more words or handles than a message can have"}
_STOPPED = {Error.STOPPED: "the thread was stopped and resumed while it waited"}
_OUT = _LENGTHS | _STOPPED | _PAGE
_ANSWER = {
    Error.NO_CONTEXT: "the caller's context was taken away while it waited",
    Error.SERVER_DIED: "the server ended, or dropped the reply right, without a reply",
    Error.TOO_LITTLE: "the caller's context has too small a budget to begin and pay the endpoint's requests",
}
_PASSIVE = {
    Error.NO_CONTEXT: "a thread without a context of its own may only receive where nothing but calls arrive",
}
_FIRST = {Error.REPLY_FIRST: "the reply register still holds a right: reply, keep it, or use REPLY_RECEIVE"}
_PLACE = {
    Error.FULL: "the destination slot is taken",
    Error.BAD_ARGUMENT: "the destination is no slot of that table, or a word is out of its range",
    Error.NO_HANDLE: "the destination table's handle names nothing",
    Error.WRONG_KIND: "a handle among the words names another kind of object",
    Error.NO_RIGHT: "a handle among the words lacks the right",
}
_BELOW = {
    Error.DYING: "the handle, or one it comes from, is being revoked",
    Error.TOO_DEEP: "the handle is derived from as many as are allowed",
}
_HANDLES = {
    Error.NO_HANDLE: "a handle among the words names nothing",
    Error.WRONG_KIND: "a handle among the words names another kind of object",
    Error.NO_RIGHT: "a handle among the words lacks the right",
}
_PORTS = {Error.BAD_ARGUMENT: "the memory is not of ports, or has no such register"}
_WORDS = _HANDLES | {Error.BAD_ARGUMENT: "a word is out of its range"}

CALLS: tuple[CallRow, ...] = (
    CallRow(
        Call.CALL, Kind.ENDPOINT, rights.ENDPOINT_CALL,
        "Send a message and wait for its reply. The caller's context travels with it to a server that has none.",
        _MESSAGE, ("the words of the reply",), refuses=_GONE | _ANSWER | _OUT, long=True,
    ),
    CallRow(
        Call.REPLY_RECEIVE, Kind.ENDPOINT, rights.ENDPOINT_RECEIVE,
        "Answer the caller named by the number, then receive. A right that names nobody any more is dropped.",
        ("the eight words of the reply",), ("the words of the message", "number: to reply with, 0 after a SEND"),
        number="the number of the call to answer", refuses=_GONE | _PASSIVE | _OUT, long=True,
    ),
    CallRow(
        Call.SEND, Kind.ENDPOINT, rights.ENDPOINT_SEND, "Send a message; done when somebody received it.", _MESSAGE,
        refuses=_GONE | _OUT | {Error.CALLS_ONLY: "the endpoint takes calls only"}, long=True,
    ),
    CallRow(
        Call.RECEIVE, Kind.ENDPOINT, rights.ENDPOINT_RECEIVE,
        "Wait for a message at the endpoint, or for bits of the thread's notification.",
        (), ("the words of the message, or the bits", "number: to reply with, 0 after a SEND"),
        refuses=_GONE | _FIRST | _STOPPED | _PAGE, long=True,
    ),
    CallRow(
        Call.REPLY, None, 0,
        "Answer a call. Without a handle: the right in the reply register; with one: a right that was kept.",
        ("the eight words of the reply",), number="the number of the call, when no handle is given",
        refuses={
            Error.NO_REPLY: "there is no right with this number",
            Error.STALE: "the caller does not wait any more; the right is gone now",
            Error.NO_CONTEXT: "the server runs on the caller's context and would be left without: use REPLY_RECEIVE",
            Error.NO_HANDLE: "the handle names nothing",
            Error.WRONG_KIND: "the handle is not a kept right",
        } | _LENGTHS | _PAGE, long=True,
    ),
    CallRow(
        Call.KEEP, None, 0, "Move the right from the reply register to an empty slot of the own table.",
        ("slot",), ("handle",), number="the number of the call",
        refuses={
            Error.NO_REPLY: "there is no right with this number",
            Error.NO_CONTEXT: "the server runs on the caller's context",
            Error.FULL: "the slot is taken",
            Error.BAD_ARGUMENT: "there is no such slot",
        },
    ),
    CallRow(
        Call.CALL_UNTIL, Kind.ENDPOINT, rights.ENDPOINT_CALL,
        "CALL, given up when nobody received it until the deadline; once it is received it has no deadline.",
        _MESSAGE, ("the words of the reply",), number=_DEADLINE,
        refuses=_LATE | _GONE | _ANSWER | _OUT, long=True,
    ),
    CallRow(
        Call.SEND_UNTIL, Kind.ENDPOINT, rights.ENDPOINT_SEND, "SEND, given up at the deadline.", _MESSAGE,
        number=_DEADLINE, refuses=_LATE | _GONE | _OUT | {Error.CALLS_ONLY: "the endpoint takes calls only"},
        long=True,
    ),
    CallRow(
        Call.RECEIVE_UNTIL, Kind.ENDPOINT, rights.ENDPOINT_RECEIVE, "RECEIVE, given up at the deadline.",
        (), ("the words of the message, or the bits", "number: to reply with, 0 after a SEND"), number=_DEADLINE,
        refuses=_LATE | _GONE | _FIRST | _STOPPED | _PAGE, long=True,
    ),
    CallRow(
        Call.WAIT_UNTIL, None, 0, "Wait for bits of the thread's notification, or just until the deadline.",
        (), ("the bits",), number=_DEADLINE, refuses=_LATE | _FIRST | _STOPPED,
    ),
    CallRow(
        Call.SIGNAL, Kind.NOTIFICATION, rights.NOTIFICATION_SIGNAL,
        "Set bits of the notification and wake the thread bound to it. Never waits.",
        ("bits, when the handle has no badge; else the badge is the bits",),
    ),
    CallRow(
        Call.POLL, Kind.NOTIFICATION, rights.NOTIFICATION_WAIT, "Take the notification's bits as they are now.",
        (), ("bits, perhaps 0",),
    ),
    CallRow(Call.YIELD, None, 0, "Let the others of the same priority run first."),
    CallRow(Call.CLOCK, None, 0, "Read the clock.", (), ("ticks now", "ticks a second")),
    CallRow(
        Call.PRINT, Kind.MACHINE, rights.MACHINE_PRINT, "Write bytes to the kernel's console: for the first steps.",
        ("how many bytes, at most 56", "the bytes, eight a word, lowest first"),
        refuses={Error.BAD_ARGUMENT: "more than 56 bytes"},
    ),
    CallRow(
        Call.DERIVE, None, 0, "Make a handle to the same object, with no more rights, as a child of this one.",
        ("destination table, 0: the own", "slot", "rights", "badge, 0: the parent's"), ("handle",),
        refuses={**_PLACE, **_BELOW, Error.NO_RIGHT: "rights the handle does not have, a second badge, "
                 "or a table that may not be written"},
    ),
    CallRow(
        Call.MOVE, None, 0, "Move the handle to another slot, where it keeps its place in the tree.",
        ("destination table, 0: the own", "slot"), ("handle",),
        refuses={**_PLACE, Error.BUSY: "something was derived from it, or somebody waits through it"},
    ),
    CallRow(
        Call.DELETE, None, 0,
        "Empty the slot. What was derived from the handle goes on, one level up; waits through it end with GONE.",
        refuses={Error.NO_HANDLE: "the slot is empty"},
    ),
    CallRow(
        Call.REVOKE, None, 0,
        "Remove everything that was derived from the handle or made with it. Complete when the call returns.",
        refuses={Error.NO_HANDLE: "the slot is empty", Error.SELF: "the caller itself would be removed",
                 Error.WRONG_KIND: "a kept reply right has nothing below it"},
    ),
    CallRow(
        Call.IDENTIFY, None, 0, "Say what a handle is.", (), ("kind", "rights", "badge"),
        refuses={Error.NO_HANDLE: "the slot is empty"},
    ),
    CallRow(
        Call.CREATE, Kind.MEMORY, rights.MEMORY_CREATE,
        "Make an object that lives in this memory, and put a handle with all rights into a slot.",
        (
            "kind", "size: bytes of a MEMORY, slots of a TABLE, refills of a CONTEXT, options of an ENDPOINT",
            "destination table, 0: the own", "slot", "ticks a request needs, of an ENDPOINT; 0: any",
        ),
        ("handle",),
        refuses={**_PLACE, **_BELOW, Error.NO_MEMORY: "no piece of this size is free",
                 Error.MAPPED: "the memory is mapped, or belongs to a device"},
    ),
    CallRow(
        Call.RECLAIM, Kind.MEMORY, rights.MEMORY_CREATE,
        "Finish what is being torn down in this memory.", (), ("bytes in use",),
    ),
    CallRow(
        Call.MEMORY_READ, Kind.MEMORY, 0, "Say how the memory is used.", (),
        ("bytes", "bytes in use", "how many mappings and message pages there are"),
    ),
    CallRow(
        Call.MAP, Kind.SPACE, rights.SPACE_MAP,
        "Map a piece of memory. Page tables are paid by the memory that paid the space.",
        ("handle of the memory", "offset in it", "address", "bytes", "access: READ, WRITE, EXECUTE"),
        refuses={
            **_WORDS, **_BELOW, Error.BAD_ARGUMENT: "offset, address or length are not whole pages, leave the memory, "
            "or WRITE and EXECUTE come together",
            Error.BAD_ADDRESS: "programs may not use this address", Error.MAPPED: "something is mapped there",
            Error.NO_MEMORY: "no room for a page table", Error.BUSY: "objects live in the memory",
        },
    ),
    CallRow(
        Call.UNMAP, Kind.SPACE, rights.SPACE_MAP, "Remove the mapping that begins at this address; complete on return.",
        ("address",), refuses={Error.BAD_ADDRESS: "no mapping begins there"},
    ),
    CallRow(
        Call.PORT_READ, Kind.MEMORY, rights.MEMORY_READ, "Read a register of a device that is reached through ports.",
        ("its offset from the first port", "its bytes: 1, 2 or 4"), ("its value",), refuses=_PORTS,
    ),
    CallRow(
        Call.PORT_WRITE, Kind.MEMORY, rights.MEMORY_WRITE,
        "Write a register of a device that is reached through ports.",
        ("its offset from the first port", "its bytes: 1, 2 or 4", "value"), refuses=_PORTS,
    ),
    CallRow(
        Call.THREAD_BIND, Kind.THREAD, rights.THREAD_CONTROL,
        "Give the thread its space, table, context, fault handler, exhaustion handler, notification or message page.",
        ("which Binding", "handle of the object", "offset in the memory, of a MESSAGE_PAGE; badge, of a handler"),
        refuses={
            **_WORDS, **_BELOW, Error.BOUND: "the thread has one, or the object belongs to another thread",
            Error.BUSY: "the thread waits, or uses a lent context; or objects live in the memory",
            Error.CALLS_ONLY: "a handler of exhaustion needs an endpoint that active threads serve",
        },
    ),
    CallRow(
        Call.THREAD_UNBIND, Kind.THREAD, rights.THREAD_CONTROL,
        "Take it away. Without space or table the thread stops.", ("which Binding",),
        refuses={
            Error.BAD_ARGUMENT: "there is no such Binding", Error.NOT_BOUND: "there was none",
            Error.BUSY: "the context is lent", Error.SELF: "the caller would lose its own space or table",
        },
    ),
    CallRow(
        Call.THREAD_SET, Kind.THREAD, rights.THREAD_CONTROL, "Set priority and ceiling.",
        ("priority, 0 to 255", "ceiling: the highest priority the thread may give"),
        refuses={Error.PRIORITY: "above the caller's ceiling", Error.BAD_ARGUMENT: "above 255"},
    ),
    CallRow(
        Call.THREAD_START, Kind.THREAD, rights.THREAD_CONTROL,
        "Start the thread, or start it anew: it leaves its wait and its reply register is emptied.",
        ("program counter", "stack pointer", "argument", "thread pointer"),
        refuses={Error.NOT_BOUND: "the thread has no space or no table",
                 Error.BAD_ADDRESS: "the program counter is outside the addresses of programs"},
    ),
    CallRow(
        Call.THREAD_STOP, Kind.THREAD, rights.THREAD_CONTROL,
        "Stop the thread: it leaves its wait, and whom it serves is told SERVER_DIED.",
    ),
    CallRow(
        Call.THREAD_RESUME, Kind.THREAD, rights.THREAD_CONTROL, "Let a stopped thread go on.",
        refuses={Error.BUSY: "it is not stopped", Error.NOT_BOUND: "the thread has no space or no table"},
    ),
    CallRow(
        Call.THREAD_READ, Kind.THREAD, rights.THREAD_INSPECT, "Say how the thread is.", (),
        ("ThreadState", "Fault", "its address", "program counter", "stack pointer", "ticks used", "priority", "CPU"),
    ),
    CallRow(
        Call.THREAD_REGISTERS, Kind.THREAD, rights.THREAD_INSPECT, "Read eight registers.",
        ("first Register",), ("its value", "and of the seven after it"),
        refuses={Error.BAD_ARGUMENT: "there is no such register"},
    ),
    CallRow(
        Call.THREAD_WRITE, Kind.THREAD, rights.THREAD_CONTROL, "Write a register.",
        ("Register", "value"),
        refuses={Error.BAD_ARGUMENT: "there is no such register", Error.BUSY: "the thread runs or is ready"},
    ),
    CallRow(
        Call.CONTEXT_SET, Kind.CONTEXT, rights.CONTEXT_SET, "Give the context time on a CPU.",
        ("handle of the machine", "budget in ticks", "period in ticks", "CPU"),
        refuses={**_WORDS, Error.BUSY: "another CPU was named while a thread uses the context"},
    ),
    CallRow(
        Call.CONTEXT_DIVIDE, Kind.CONTEXT, rights.CONTEXT_SET, "Give some of this context's budget to another context.",
        ("handle of the other", "budget in ticks"),
        refuses={**_HANDLES, Error.TOO_LITTLE: "one of the two would have less than the smallest budget",
                 Error.BUSY: "the other context is used or has budget"},
    ),
    CallRow(
        Call.CONTEXT_READ, Kind.CONTEXT, rights.CONTEXT_INSPECT, "Say how the context is used.", (),
        ("budget", "period", "CPU", "ticks used since it was made", "ticks ready now"),
    ),
    CallRow(
        Call.INTERRUPT_BIND, Kind.INTERRUPT, rights.INTERRUPT_BIND,
        "Let the interrupt set bits of a notification, and let it through.", ("handle of the notification", "bits"),
        refuses={**_WORDS, **_BELOW, Error.BOUND: "it is bound"},
    ),
    CallRow(
        Call.INTERRUPT_UNBIND, Kind.INTERRUPT, rights.INTERRUPT_BIND, "Mask the interrupt and forget the notification.",
        refuses={Error.NOT_BOUND: "it is not bound"},
    ),
    CallRow(
        Call.INTERRUPT_ACKNOWLEDGE, Kind.INTERRUPT, rights.INTERRUPT_ACKNOWLEDGE, "Let the interrupt through again.",
        refuses={Error.NOT_BOUND: "it is not bound"},
    ),
    CallRow(
        Call.MACHINE_INTERRUPT, Kind.MACHINE, rights.MACHINE_DEVICES, "Make the object of an interrupt line.",
        ("handle of the memory that pays", "line", "destination table, 0: the own", "slot", "1: edge, 0: level"),
        ("handle",),
        refuses={**_PLACE, **_BELOW, Error.BOUND: "the line has its object", Error.NO_MEMORY: "no room",
                 Error.MAPPED: "the memory that pays is mapped"},
    ),
    CallRow(
        Call.MACHINE_DEVICE, Kind.MACHINE, rights.MACHINE_DEVICES,
        "Make the memory of a device's registers; where a CPU family has ports beside memory, also of those.",
        ("handle of the memory that pays", "physical address, or first port", "destination table, 0: the own", "slot",
         "bytes", "1: ports, 0: memory"),
        ("handle",),
        refuses={**_PLACE, **_BELOW, Error.BAD_ADDRESS: "these are not whole pages outside the machine's memory, or no "
                 "ports that the family has",
                 Error.NO_MEMORY: "no room", Error.MAPPED: "the memory that pays is mapped"},
    ),
    CallRow(
        Call.MACHINE_PHYSICAL, Kind.MACHINE, rights.MACHINE_LOCATE, "Tell where a memory lies, for a bus master.",
        ("handle of the memory",), ("physical address",), refuses=_HANDLES,
    ),
    CallRow(
        Call.MACHINE_STOP, Kind.MACHINE, rights.MACHINE_POWER, "Power the device off.", ("exit status",),
    ),
    CallRow(Call.MACHINE_RESTART, Kind.MACHINE, rights.MACHINE_POWER, "Start the device again."),
    CallRow(
        Call.MACHINE_READ, Kind.MACHINE, rights.MACHINE_INSPECT, "Say how the kernel does.",
        ("CPU",),
        (
            "ticks of its longest stretch without preemption", "the operation that had it", "ticks it idled",
            "threads chosen", "interrupts taken", "CPUs",
        ),
        refuses={Error.BAD_ARGUMENT: "there is no such CPU"},
    ),
)  # fmt: skip


# What every call can answer.
COMMON: dict[Error, str] = {
    Error.NO_CALL: "there is no such operation",
    Error.NO_HANDLE: "the handle's slot is empty, or its content changed since",
    Error.WRONG_KIND: "the handle names another kind of object",
    Error.NO_RIGHT: "the handle lacks the right",
}


def required() -> list[int]:
    """For each operation's number what its handle must have: the kind's bit above the rights; 0 when it names none."""
    needs = [0] * (max(Call) + 1)
    for row in CALLS:
        if row.kind is not None:
            needs[row.call] = 1 << (32 + row.kind) | row.rights
    return needs
