"""The record a program finds when it starts, and which of its threads runs."""

from __future__ import annotations

from typing import Final

from abi.boot import MACHINE, ROOT_MESSAGE_PAGE
from abi.bundle import NAME_BYTES, Name
from abi.kernel import MessagePage
from abi.start import MAGIC, MESSAGES_ADDRESS, STACK_SLOT_BYTES, STACKS_ADDRESS, StartRecord
from metal import U32, U64, Ptr, View, addr_of, ptr_at, struct, u8, u64

UNSAFE: Final = True


@struct
class Program:
    """What holds for the whole program."""

    started: Ptr[StartRecord] | None = None
    # What the program was started with: the address of its StartRecord, or of root's BootInformation.
    argument: u64 = 0
    # Root's handle to the machine, for what it has to say.
    machine: u64 = MACHINE
    # Root has no record, for nobody starts it but the kernel.
    none: StartRecord = StartRecord()


program: Program = Program()


def adopt(argument: u64) -> None:
    """Takes the address that the program was started with."""
    program.argument = argument
    found = ptr_at(StartRecord, argument)
    if found.magic == MAGIC:
        program.started = found


def start_record() -> Ptr[StartRecord]:
    """The record; in root it is all zeros."""
    found = program.started
    if found is None:
        return program.none
    return found


def thread_index() -> u64:
    """Which thread of the program runs: each has its stack in a slot of addresses of its own."""
    marker = Marker()
    here = addr_of(marker)
    if here < STACKS_ADDRESS:
        return 0
    return (here - STACKS_ADDRESS) // STACK_SLOT_BYTES


@struct
class Marker:
    """Something on the stack whose address tells whose stack it is."""

    unused: u64 = 0


def message_page() -> Ptr[MessagePage]:
    """The page through which the running thread exchanges what does not fit into registers."""
    record = program.started
    if record is None:
        return ptr_at(MessagePage, ROOT_MESSAGE_PAGE)
    return ptr_at(MessagePage, MESSAGES_ADDRESS + thread_index() * record.page_bytes)


def is_named(name: Ptr[Name], text: View[u8]) -> bool:
    """Whether a name of the plan is this text."""
    if U64(name.bytes_used) != len(text):
        return False
    for index in range(len(text)):
        if name.text[index] != text[index]:
            return False
    return True


def set_name(name: Ptr[Name], text: View[u8]) -> None:
    """Keeps a name; the plan's names are never longer than a Name holds."""
    assert len(text) <= NAME_BYTES
    name.bytes_used = U32(len(text))
    for index in range(len(text)):
        name.text[index] = text[index]
