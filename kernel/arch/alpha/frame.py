"""A stopped program's registers, and what a CPU remembers about the program it runs."""

from __future__ import annotations

from metal import Array, Ptr, align, array, struct, u64


@align(16)
@struct
class Frame:
    """The registers of a thread in the order in which the vectors save them; the first field of every thread."""

    words: Array[u64] = array(8)
    """$16 to $21 (a0 to a5), $2, $3: the message."""
    handle: u64 = 0
    """$0: the handle of a call; at its end the badge or the status."""
    number: u64 = 0
    """$4: the number of the call that is answered, or was received."""
    kept: Array[u64] = array(9)
    """$9 to $15 (s0 to s5, fp), $26 (ra), $29 (gp), which a call leaves alone."""
    stack: u64 = 0
    pc: u64 = 0
    """The address of the next instruction."""
    full: u64 = 0
    """1: every register is in the frame, not only those that a call keeps."""
    scratch: Array[u64] = array(11)
    """$5, the operation of a call, which it leaves alone; $1, $6 to $8, $22 to $25, $27, $28."""
    thread_pointer: u64 = 0
    """The program's unique word, while it does not run."""
    space: u64 = 0
    """The root table's physical address."""
    vector_cpu: u64 = 0
    """The record of the CPU whose floating-point registers were last loaded from here."""
    vectors: Array[u64] = array(32)
    """$f0 to $f30, FPCR."""


@align(128)
@struct
class Context:
    """What SWPCTX loads (part II-B, 4.2.2): stack pointers, the root table's page number, counters, unique, FEN."""

    kernel_stack: u64 = 0
    user_stack: u64 = 0
    root: u64 = 0
    counters: u64 = 0
    unique: u64 = 0
    vectors: u64 = 0
    reserved: Array[u64] = array(10)


@align(128)
@struct
class CpuRecord:
    """What the vectors find above the frame that firmware pushes: the first field of the kernel's record of a CPU."""

    frame: Ptr[Frame] | None = None
    """The program that runs, or runs next."""
    noted: u64 = 0
    """Which kinds of interrupt came and are not claimed yet, a bit each."""
    vector: u64 = 0
    """Of a noted device's interrupt; firmware tells it once."""
    address: u64 = 0
    """Of the fault that is told."""
    vector_owner: Ptr[Frame] | None = None
    """Whose floating-point registers this CPU holds."""
    vectors_open: bool = False
    """The program that runs may use the floating-point registers."""
    started: bool = False
    """Another CPU started this one, and wrote its number here."""
    hardware: u64 = 0
    space: u64 = 0
    """The root table that this CPU uses now."""
    context: Context = Context()
