"""A stopped program's registers, and what a CPU remembers about the program it runs."""

from __future__ import annotations

from metal import Array, Ptr, align, array, struct, u64


@align(16)
@struct
class Frame:
    """The registers of a thread in the order in which the vectors save them; the first field of every thread."""

    words: Array[u64] = array(8)
    """x0 to x7: the message."""
    handle: u64 = 0
    """x11: the handle of a call; at its end the badge or the status."""
    number: u64 = 0
    """x13: the number of the call that is answered, or was received."""
    kept: Array[u64] = array(12)
    """x19 to x30, which a call leaves alone."""
    stack: u64 = 0
    pc: u64 = 0
    """The address of the next instruction."""
    state: u64 = 0
    """SPSR; only valid in a full frame."""
    thread_pointer: u64 = 0
    space: u64 = 0
    """TTBR0: the root table and the tag of the address space."""
    full: u64 = 0
    """1: every register is in the frame, not only those that a call keeps."""
    scratch: Array[u64] = array(9)
    """x8, x9, x10, x12, x14 to x18."""
    vector_cpu: u64 = 0
    """The record of the CPU whose vector registers were last loaded from here; 0: of none since the program began."""
    vector_turns: u64 = 0
    """So many times more the program gets its vector registers at once; then it is seen whether it still uses them."""
    vectors_kept: bool = False
    """`vectors` holds all of them; else all are zero but the control, for a call destroys the others."""
    vector_control: Array[u64] = array(2)
    """FPCR, FPSR."""
    vectors: Array[u64] = array(64)
    """q0 to q31."""


@align(64)
@struct
class CpuRecord:
    """What the vectors find at the stack pointer: the first field of the kernel's record of a CPU."""

    frame: Ptr[Frame] | None = None
    """The program that runs, or runs next."""
    scratch: Array[u64] = array(2)
    vector_control: Array[u64] = array(2)
    """Where the control goes that belongs to nobody any more."""
    vectors_open: bool = False
    """The program that runs may use the vector registers."""
