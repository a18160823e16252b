"""Handles through which others signal this program, each setting bits of its own."""

from __future__ import annotations

from abi.interface import CallError
from abi.kernel import Error
from abi.rights import NOTIFICATION_SIGNAL
from abi.start import NOTIFICATION
from metal import u64
from system.runtime.calls import delete, derive, signal
from system.runtime.slots import give_slot, take_slot


def signal_handle(bits: u64) -> u64 | CallError:
    """A handle that can do nothing but set these bits for the program's first thread."""
    slot = take_slot()
    made = derive(NOTIFICATION, 0, slot, NOTIFICATION_SIGNAL, bits)
    if isinstance(made, Error):
        give_slot(slot)
        return CallError.REFUSED
    return made


def send_signal(handle: u64) -> bool:
    """Sets the bits of a handle that another program gave; whether that program still wants them."""
    return signal(handle, 0) is None


def forget_handle(handle: u64) -> None:
    """Gives up a handle of one's own slots."""
    if handle != 0:
        refused = delete(handle)
        if refused is None:
            give_slot(handle & 0xFFFF_FFFF)
