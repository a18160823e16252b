"""The memory that the plan grants a program beside its own variables: given out piece by piece, never taken back.

A piece goes to a collection or a buffer that lives as long as the program; what comes and goes belongs into a
`metal.library` pool over such a piece.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from abi.start import ARENA_ADDRESS
from metal import Slice, slice_at, struct, u8, u64
from system.runtime.locks import Lock
from system.runtime.program import start_record

UNSAFE: Final = True

ALIGNMENT: Final = 16


class NoMemory(Enum):
    """Why there is no piece of memory."""

    GRANT_USED_UP = 1


@struct
class Arena:
    """How much of the grant was given out."""

    lock: Lock = Lock()
    # under lock
    used: u64 = 0


arena: Arena = Arena()


def granted_bytes(size: u64) -> Slice[u8] | NoMemory:
    """A piece of the program's memory, filled with zeros."""
    place = claim(size)
    if isinstance(place, NoMemory):
        return place
    return slice_at(u8, place, size)


def granted_words(count: u64) -> Slice[u64] | NoMemory:
    """The same, in words of 64 bits."""
    if count > start_record().arena_bytes // 8:
        return NoMemory.GRANT_USED_UP
    place = claim(count * 8)
    if isinstance(place, NoMemory):
        return place
    return slice_at(u64, place, count)


def granted_left() -> u64:
    """How many bytes can still be had."""
    return start_record().arena_bytes - arena.used


def claim(size: u64) -> u64 | NoMemory:
    """The address of a fresh piece."""
    arena.lock.acquire()
    left = start_record().arena_bytes - arena.used
    place = ARENA_ADDRESS + arena.used
    fits = size <= left
    if fits:
        rounded = (size + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT
        arena.used += rounded if rounded <= left else left
    arena.lock.release()
    if fits:
        return place
    return NoMemory.GRANT_USED_UP
