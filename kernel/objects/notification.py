"""Notifications: a word of bits that a signal sets and a thread takes."""

from __future__ import annotations

from abi.kernel import Fault, ThreadState
from kernel import lending
from kernel.answers import DONE
from kernel.casts import notification_of
from kernel.objects.endpoint import hand_signal
from kernel.structures import Node, Notification, Thread
from metal import Ptr, u64


def post(notification: Ptr[Notification], bits: u64) -> None:
    """Set bits; the bound thread wakes with the whole word when it waits and has time of its own to wake on."""
    notification.word |= bits
    thread = notification.thread
    if thread is None or notification.word == 0:
        return
    if thread.state == ThreadState.RECEIVING and thread.fault == Fault.NONE and not lending.is_passive(thread):
        word = notification.word
        notification.word = 0
        hand_signal(thread, word)


def signal(thread: Ptr[Thread], node: Ptr[Node], bits: u64) -> u64:
    """SIGNAL: a handle with a badge sets just that."""
    header = node.object
    if header is not None:
        post(notification_of(header), node.badge if node.badge != 0 else bits)
    return DONE


def poll(thread: Ptr[Thread], node: Ptr[Node]) -> u64:
    """POLL: take the bits as they are."""
    header = node.object
    if header is not None:
        notification = notification_of(header)
        thread.frame.words[0] = notification.word
        notification.word = 0
    return DONE


def unbind(thread: Ptr[Thread]) -> None:
    """Thread and notification forget each other."""
    notification = thread.notification
    if notification is not None:
        notification.thread = None
        thread.notification = None
