"""A stopped program's registers, and what a CPU remembers about the program it runs."""

from __future__ import annotations

from typing import Final

from metal import Array, Ptr, align, array, ptr_at, struct, symbol_address, u64

UNSAFE: Final = True


@align(16)
@struct
class Frame:
    """The registers of a thread in the order in which the vectors save them; the first field of every thread."""

    words: Array[u64] = array(8)
    """$4 to $11 (a0 to a7): the message."""
    handle: u64 = 0
    """$12: the handle of a call; at its end the badge or the status."""
    number: u64 = 0
    """$13: the number of the call that is answered, or was received."""
    kept: Array[u64] = array(11)
    """$16 to $23 (s0 to s7), $28 (gp), $30 (s8), $31 (ra), which a call leaves alone."""
    stack: u64 = 0
    pc: u64 = 0
    """The address of the next instruction; that of the branch when the one in its delay slot is next."""
    full: u64 = 0
    """1: every register is in the frame, not only those that a call keeps."""
    scratch: Array[u64] = array(9)
    """$14, the operation of a call, which it leaves alone; $1, $2, $3, $15, $24, $25, lo, hi."""
    thread_pointer: u64 = 0
    """UserLocal, which programs read with RDHWR."""
    space: u64 = 0
    """The root table's physical address, and in its low bits the tag of the address space."""
    vector_cpu: u64 = 0
    """The record of the CPU whose floating-point registers were last loaded from here."""
    vectors: Array[u64] = array(33)
    """$f0 to $f31, FCSR."""


@align(64)
@struct
class CpuRecord:
    """What the vectors find through the anchor: the first field of the kernel's record of a CPU."""

    frame: Ptr[Frame] | None = None
    """The program that runs, or runs next."""
    vector_owner: Ptr[Frame] | None = None
    """Whose floating-point registers this CPU holds."""
    scratch: Array[u64] = array(2)
    vectors_open: bool = False
    """The program that runs may use the floating-point registers."""


@struct
class Anchor:
    """What the vectors find without any register: the linker script names its place."""

    walk_root: u64 = 0
    """The root table of the space that is translated, in the direct map."""
    record: u64 = 0
    """The record of the CPU."""


def anchor() -> Ptr[Anchor]:
    """The one anchor."""
    return ptr_at(Anchor, symbol_address("__anchor"))
