"""What a handle allows: one set of bits for each kind of object; a derived handle never has more than its parent."""

from __future__ import annotations

from typing import Final

MEMORY_CREATE: Final = 1  # pay for objects
MEMORY_READ: Final = 2  # be mapped to be read
MEMORY_WRITE: Final = 4  # be mapped to be written
MEMORY_EXECUTE: Final = 8  # be mapped to be executed

SPACE_MAP: Final = 1  # map and unmap
SPACE_BIND: Final = 2  # let a thread run in it

THREAD_CONTROL: Final = 1  # bind, start, stop, set priority, write registers
THREAD_INSPECT: Final = 2  # read state and registers

ENDPOINT_CALL: Final = 1
ENDPOINT_SEND: Final = 2
ENDPOINT_RECEIVE: Final = 4

NOTIFICATION_SIGNAL: Final = 1
NOTIFICATION_WAIT: Final = 2  # poll, and be bound to a thread

CONTEXT_BIND: Final = 1  # be bound to a thread
CONTEXT_SET: Final = 2  # get budget, and give from its own
CONTEXT_INSPECT: Final = 4

INTERRUPT_BIND: Final = 1
INTERRUPT_ACKNOWLEDGE: Final = 2

TABLE_WRITE: Final = 1  # put handles into it
TABLE_BIND: Final = 2  # be a thread's table

MACHINE_POWER: Final = 1
MACHINE_TIME: Final = 2  # give contexts budget
MACHINE_DEVICES: Final = 4  # make device memory and interrupt objects
MACHINE_INSPECT: Final = 8
MACHINE_PRINT: Final = 16
MACHINE_LOCATE: Final = 32  # tell physical addresses, for devices that reach memory themselves

REPLY_ANSWER: Final = 1

ALL: Final = 0xFF
