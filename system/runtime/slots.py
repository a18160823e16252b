"""The empty slots of the program's handle table that it may use itself."""

from __future__ import annotations

from abi.start import OWN_SLOTS
from metal import U64, Array, array, struct, u64
from system.runtime.locks import Lock
from system.runtime.program import start_record


@struct
class Slots:
    """Which own slots are taken."""

    lock: Lock = Lock()
    # under lock
    taken: Array[bool] = array(OWN_SLOTS)


slots: Slots = Slots()


def take_slot() -> u64:
    """An empty slot, or 0 when all are taken."""
    first = U64(start_record().first_own_slot)
    slots.lock.acquire()
    found: u64 = 0
    for index in range(OWN_SLOTS):
        if not slots.taken[index]:
            slots.taken[index] = True
            found = first + index
            break
    slots.lock.release()
    return found


def give_slot(slot: u64) -> None:
    """Gives an emptied slot back; slots that are not the program's own are left alone."""
    first = U64(start_record().first_own_slot)
    if slot >= first and slot - first < OWN_SLOTS:
        slots.lock.acquire()
        slots.taken[slot - first] = False
        slots.lock.release()
