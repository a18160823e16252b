"""What a program and the kernel agree on: calls, kinds of objects, errors, and how a message looks.

A call has an operation (part of the call instruction), a handle, a number and eight words. The kernel answers in the
same places: the status where the handle was, a number, and the words. `abi/calls.py` says what each call takes.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from metal import Array, array, struct, u32, u64


class Kind(IntEnum):
    """What a handle can name."""

    MEMORY = 0
    SPACE = 1
    THREAD = 2
    ENDPOINT = 3
    NOTIFICATION = 4
    CONTEXT = 5
    INTERRUPT = 6
    TABLE = 7
    MACHINE = 8
    REPLY = 9


class Call(IntEnum):
    """The operations, by their number."""

    CALL = 0
    REPLY_RECEIVE = 1
    SEND = 2
    RECEIVE = 3
    REPLY = 4
    KEEP = 5
    CALL_UNTIL = 6
    SEND_UNTIL = 7
    RECEIVE_UNTIL = 8
    WAIT_UNTIL = 9
    SIGNAL = 10
    POLL = 11
    YIELD = 12
    CLOCK = 13
    PRINT = 14
    DERIVE = 16
    MOVE = 17
    DELETE = 18
    REVOKE = 19
    IDENTIFY = 20
    CREATE = 24
    RECLAIM = 25
    MEMORY_READ = 26
    MAP = 28
    UNMAP = 29
    PORT_READ = 30
    PORT_WRITE = 31
    THREAD_BIND = 32
    THREAD_UNBIND = 33
    THREAD_SET = 34
    THREAD_START = 35
    THREAD_STOP = 36
    THREAD_RESUME = 37
    THREAD_READ = 38
    THREAD_REGISTERS = 39
    THREAD_WRITE = 40
    CONTEXT_SET = 41
    CONTEXT_DIVIDE = 42
    CONTEXT_READ = 43
    INTERRUPT_BIND = 44
    INTERRUPT_UNBIND = 45
    INTERRUPT_ACKNOWLEDGE = 46
    MACHINE_INTERRUPT = 48
    MACHINE_DEVICE = 49
    MACHINE_PHYSICAL = 50
    MACHINE_STOP = 51
    MACHINE_RESTART = 52
    MACHINE_READ = 53


class Error(IntEnum):
    """Why a call was refused or ended without what it asked for."""

    NO_CALL = 1
    NO_HANDLE = 2
    WRONG_KIND = 3
    NO_RIGHT = 4
    NO_MEMORY = 5
    FULL = 6
    BUSY = 7
    BOUND = 8
    NOT_BOUND = 9
    GONE = 10
    TIMED_OUT = 11
    STALE = 12
    NO_REPLY = 13
    REPLY_FIRST = 14
    CALLS_ONLY = 15
    NO_CONTEXT = 16
    TOO_LITTLE = 17
    SERVER_DIED = 18
    DYING = 19
    TOO_DEEP = 20
    SELF = 21
    BAD_ADDRESS = 22
    BAD_ARGUMENT = 23
    MAPPED = 24
    NO_PAGE = 25
    PRIORITY = 26
    STOPPED = 27


# Added to CALL, SEND, RECEIVE, REPLY, REPLY_RECEIVE and the UNTIL forms: the message goes on in the message page, and
# what is received may come with more words and with handles.
LONG: Final = 0x80

# The status of a call: FAILED and an Error, or SIGNALLED with the notification's bits in the first word, or the badge
# of the handle through which the received message was sent, or 0.
FAILED: Final = 1 << 63
SIGNALLED: Final = 1 << 62
BADGE_BITS: Final = 62

# A deadline is a time of the device's clock in ticks (CLOCK). One that is past polls; NEVER waits without end.
NEVER: Final = 0xFFFF_FFFF_FFFF_FFFF

# A handle is the index of its slot in the low half, and in the high half how often the slot was emptied before: an
# index is the handle of a slot's first content. Slot 0 is never used, so 0 names nothing.
HANDLE_INDEX_BITS: Final = 32
NO_HANDLE: Final = 0

# Access of a mapping; WRITE and EXECUTE never together.
READ: Final = 1
WRITE: Final = 2
EXECUTE: Final = 4

# Options of CREATE for an endpoint: only calls reach it, so a thread without a context of its own may receive there.
CALLS_ONLY: Final = 1

MESSAGE_WORDS: Final = 8
MESSAGE_HANDLES: Final = 4
MESSAGE_PAGE_BYTES: Final = 4096
LONG_WORDS: Final = 480


@struct
class MessagePage:
    """How a thread's message page looks to it; the kernel reads each field once.

    `rights` says what each handle may do at the receiver. A sender fills the first part, a receiver `slots`: the empty
    slots of its table that handles may go to (0: none). The kernel fills the part that begins with `received_words`.
    """

    send_words: u32 = 0
    send_handles: u32 = 0
    handles: Array[u64] = array(MESSAGE_HANDLES)
    rights: Array[u64] = array(MESSAGE_HANDLES)
    slots: Array[u64] = array(MESSAGE_HANDLES)
    received_words: u32 = 0
    received_handles: u32 = 0
    received: Array[u64] = array(MESSAGE_HANDLES)
    reserved: Array[u64] = array(14)
    words: Array[u64] = array(LONG_WORDS)


class Binding(IntEnum):
    """What THREAD_BIND gives a thread."""

    SPACE = 0
    TABLE = 1
    CONTEXT = 2
    HANDLER = 3
    EXHAUSTION = 4
    NOTIFICATION = 5
    MESSAGE_PAGE = 6


class ThreadState(IntEnum):
    """What THREAD_READ says of a thread."""

    STOPPED = 0
    READY = 1
    SENDING = 2
    CALLING = 3
    RECEIVING = 4
    AWAITING_REPLY = 5
    DEAD = 6


class Fault(IntEnum):
    """The first word of a fault message.

    The others: address, program counter, stack pointer, what the CPU said, and the registers FRAME and LINK.
    """

    NONE = 0
    READ = 1
    WRITE = 2
    EXECUTE = 3
    ALIGNMENT = 4
    INSTRUCTION = 5
    TRAP = 6
    OTHER = 7
    EXHAUSTED = 8
    CONTEXT_LOST = 9


# Registers by role, for THREAD_REGISTERS and THREAD_WRITE; from GENERAL on, the general registers in the CPU's order.
class Register(IntEnum):
    """Registers every CPU family has, by role."""

    COUNTER = 0
    STACK = 1
    FRAME = 2
    LINK = 3
    THREAD_POINTER = 4
    GENERAL = 8
