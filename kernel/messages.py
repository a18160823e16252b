"""What goes from one thread to another: words through the registers, the rest and handles through the message pages.

The message pages are the only memory of programs that the kernel touches. Another thread of the program may write to
them at any time, so each number is read once and checked after it was read.
"""

from __future__ import annotations

from typing import Final

from abi.kernel import FAILED, LONG_WORDS, MESSAGE_HANDLES, MESSAGE_WORDS, Error, Fault, Kind, MessagePage, Register
from kernel import casts, tree
from kernel.arch.chosen import get_register
from kernel.handles import INDEX_MASK, RIGHTS_MASK, empty_slot, fill_key, find, grow
from kernel.structures import Thread
from metal import U64, Ptr, offset_of, u64

HANDLES: Final = offset_of(MessagePage, "handles")
RIGHTS: Final = offset_of(MessagePage, "rights")
SLOTS: Final = offset_of(MessagePage, "slots")
RECEIVED_COUNTS: Final = offset_of(MessagePage, "received_words")
RECEIVED: Final = offset_of(MessagePage, "received")
WORDS: Final = offset_of(MessagePage, "words")
COUNT_BITS: Final = 32


def send_words(counts: u64) -> u64:
    """How many words a page's first field says."""
    return counts & RIGHTS_MASK


def send_handles(counts: u64) -> u64:
    """How many handles a page's first field says."""
    return counts >> COUNT_BITS


def check_page(thread: Ptr[Thread], long: bool, sends: bool) -> Error | None:
    """Why a thread cannot send or receive with its message page."""
    if not long:
        return None
    page = thread.message_page
    if page == 0:
        return Error.NO_PAGE
    counts = casts.load(page)
    if sends and (send_words(counts) > LONG_WORDS or send_handles(counts) > MESSAGE_HANDLES):
        return Error.BAD_ARGUMENT
    return None


def prepare_slots(thread: Ptr[Thread]) -> bool:
    """Make the slots usable that a receiver names for handles. False: there is more to do."""
    table = thread.table
    if table is None:
        return True
    for index in range(U64(MESSAGE_HANDLES)):
        slot = casts.load(thread.message_page + SLOTS + index * 8)
        if slot < table.slots and not grow(table, slot):
            return False
    return True


def deliver(sender: Ptr[Thread], receiver: Ptr[Thread], status: u64, number: u64) -> None:
    """Put a sender's message, or its fault, into the receiver's registers and page."""
    frame = receiver.frame
    if sender.fault != Fault.NONE:
        deliver_fault(sender, receiver)
    else:
        copy_words(sender, receiver)
        if receiver.long:
            deliver_page(sender, receiver)
    frame.handle = status
    frame.number = number


def copy_words(sender: Ptr[Thread], receiver: Ptr[Thread]) -> None:
    """The words in registers."""
    source = sender.frame
    target = receiver.frame
    for index in range(U64(MESSAGE_WORDS)):
        target.words[index] = source.words[index]


def deliver_fault(sender: Ptr[Thread], receiver: Ptr[Thread]) -> None:
    """What a fault message says."""
    words = receiver.frame.words
    words[0] = U64(sender.fault)
    words[1] = sender.fault_address
    words[2] = sender.frame.pc
    words[3] = sender.frame.stack
    words[4] = sender.fault_status
    words[5] = get_register(sender.frame, U64(Register.FRAME))
    words[6] = get_register(sender.frame, U64(Register.LINK))
    words[7] = 0
    if receiver.long and receiver.message_page != 0:
        casts.store(receiver.message_page + RECEIVED_COUNTS, 0)


def deliver_page(sender: Ptr[Thread], receiver: Ptr[Thread]) -> None:
    """The words and handles that go through the pages; a short message says that there are none."""
    target = receiver.message_page
    if target == 0:
        return
    words: u64 = 0
    handles: u64 = 0
    source = sender.message_page
    if sender.long and source != 0:
        counts = casts.load(source)
        words = send_words(counts)
        handles = send_handles(counts)
        if words > LONG_WORDS:
            words = LONG_WORDS
        if handles > MESSAGE_HANDLES:
            handles = MESSAGE_HANDLES
        casts.copy_words(target + WORDS, source + WORDS, words)
        for index in range(handles):
            casts.store(target + RECEIVED + index * 8, transfer(sender, receiver, index))
    casts.store(target + RECEIVED_COUNTS, (handles << COUNT_BITS) | words)


def transfer(sender: Ptr[Thread], receiver: Ptr[Thread], index: u64) -> u64:
    """Derive one of the sender's handles into the slot that the receiver named: its new handle, or 0."""
    handle = casts.load(sender.message_page + HANDLES + index * 8)
    rights = casts.load(sender.message_page + RIGHTS + index * 8)
    slot = casts.load(receiver.message_page + SLOTS + index * 8)
    table = receiver.table
    node = find(sender, handle, 0)
    if isinstance(node, Error) or table is None:
        return 0
    header = node.object
    if header is None or tree.is_kind(node, Kind.REPLY) or isinstance(tree.derivable(node), Error):
        return 0
    target = empty_slot(table, slot)
    if isinstance(target, Error):
        return 0
    tree.fill(target, header, node.powers & rights & RIGHTS_MASK, node.badge, node)
    return fill_key(target, slot & INDEX_MASK)


def failed(error: Error) -> u64:
    """The status that names an error."""
    return FAILED | U64(error)
