"""A stopped program's registers, and what a CPU remembers about the program it runs."""

from __future__ import annotations

from metal import Array, Ptr, align, array, struct, u64


@align(16)
@struct
class Frame:
    """The registers of a thread in the order in which the vectors save them; the first field of every thread."""

    words: Array[u64] = array(8)
    """a0 to a7: the message."""
    handle: u64 = 0
    """t0: the handle of a call; at its end the badge or the status."""
    number: u64 = 0
    """t1: the number of the call that is answered, or was received."""
    kept: Array[u64] = array(11)
    """ra, fp, s0 to s8, which a call leaves alone."""
    thread_pointer: u64 = 0
    stack: u64 = 0
    pc: u64 = 0
    """The address of the next instruction."""
    full: u64 = 0
    """1: every register is in the frame, not only those that a call keeps."""
    scratch: Array[u64] = array(8)
    """t2, the operation of a call, which it leaves alone; t3 to t8 and r21."""
    space: u64 = 0
    """The root table of the address space, and in the bits below a page its tag."""
    vector_cpu: u64 = 0
    """The record of the CPU whose floating-point registers were last loaded from here."""
    vectors: Array[u64] = array(34)
    """f0 to f31, fcsr0, fcc0 to fcc7 in a byte each."""


@align(64)
@struct
class CpuRecord:
    """What the vectors find at the stack pointer: the first field of the kernel's record of a CPU."""

    frame: Ptr[Frame] | None = None
    """The program that runs, or runs next."""
    vector_owner: Ptr[Frame] | None = None
    """Whose floating-point registers this CPU holds."""
    fault_address: u64 = 0
    """Of the fault that is being taken; 0 when its kind has none."""
    vectors_open: bool = False
    """The program that runs may use the floating-point registers."""
