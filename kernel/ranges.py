"""Where the machine's memory is: pieces that may be given out once, and nothing a device driver may ask for."""

from __future__ import annotations

from abi.boot import MEMORY_REGIONS
from metal import Array, Ptr, array, struct, u64


@struct
class Piece:
    """A stretch of physical memory."""

    start: u64 = 0
    end: u64 = 0


@struct
class Pieces:
    """A short list of stretches."""

    count: u64 = 0
    list: Array[Piece] = array(MEMORY_REGIONS)


ram: Pieces = Pieces()
free: Pieces = Pieces()


def add(pieces: Ptr[Pieces], start: u64, end: u64) -> None:
    """Put a stretch on a list; one that finds no room is not used."""
    if start >= end or pieces.count >= MEMORY_REGIONS:
        return
    piece = pieces.list[pieces.count]
    piece.start = start
    piece.end = end
    pieces.count += 1


def cut(pieces: Ptr[Pieces], start: u64, end: u64) -> None:
    """Take a stretch out of every piece; what is left behind it becomes a piece of its own."""
    count = pieces.count
    for index in range(count):
        piece = pieces.list[index]
        if start < piece.end and end > piece.start:
            behind_start = end
            behind_end = piece.end
            piece.end = start if start > piece.start else piece.start
            add(pieces, behind_start, behind_end)


def is_ram(start: u64, bytes: u64) -> bool:
    """Whether a stretch touches the machine's memory."""
    for index in range(ram.count):
        piece = ram.list[index]
        if start < piece.end and start + bytes > piece.start:
            return True
    return False
