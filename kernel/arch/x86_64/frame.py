"""A stopped program's registers, and what a CPU remembers about the program it runs."""

from __future__ import annotations

from metal import Array, Ptr, align, array, struct, u64


@align(16)
@struct
class Frame:
    """The registers of a thread in the order in which the vectors save them; the first field of every thread."""

    words: Array[u64] = array(8)
    """rdi, rsi, rdx, r8, r9, r10, r12, r13: the message."""
    handle: u64 = 0
    """rbx: the handle of a call; at its end the badge or the status."""
    number: u64 = 0
    """r14: the number of the call that is answered, or was received."""
    operation: u64 = 0
    """rax, the operation of a call, which it leaves alone."""
    kept: Array[u64] = array(2)
    """rbp, r15, which a call leaves alone."""
    scratch: Array[u64] = array(2)
    """rcx, r11, which the call instruction itself destroys."""
    full: u64 = 0
    """1: every register is in the frame, not only those that a call keeps."""
    space: u64 = 0
    """CR3: the root table of the address space."""
    cause: u64 = 0
    """From here to `data` the CPU, and the vector's first instructions, write when an interrupt or a fault arrives:
    the vector's number."""
    error: u64 = 0
    """What the CPU says about a fault."""
    pc: u64 = 0
    """The address of the next instruction."""
    code: u64 = 0
    """The selector of the program's code."""
    flags: u64 = 0
    stack: u64 = 0
    data: u64 = 0
    """The selector of the program's stack. The end of this field is aligned to 16, as the CPU aligns what it writes."""
    thread_pointer: u64 = 0
    """The base of FS."""
    holder: u64 = 0
    """The record of the CPU whose wide registers and thread pointer were last loaded from here."""
    vectors: Array[u64] = array(64)
    """The x87 and SSE registers as FXSAVE writes them."""


@struct
class Task:
    """The task-state segment ("64-Bit Task State Segment", 8.7), from its second half-word pair on."""

    stack: u64 = 0
    """RSP0, where the CPU writes what an interrupt or a fault of a program interrupts: the end of its frame's part."""
    inner_stacks: Array[u64] = array(3)
    failure_stack: u64 = 0
    """IST1, for what may arrive at any moment and is always a failure."""
    other_stacks: Array[u64] = array(6)
    last: Array[u64] = array(2)


@align(64)
@struct
class CpuRecord:
    """What the vectors find at the base of GS, on top of the kernel's stack: first in the kernel's record of a CPU.

    The CPU reads `task_start` and `task` as one structure, whose words of 8 bytes begin at its offset 4.
    """

    frame: Ptr[Frame] | None = None
    """The program that runs, or runs next."""
    itself: u64 = 0
    """This record's own address."""
    scratch: u64 = 0
    vector: u64 = 0
    """The interrupt that was taken and not claimed yet; 0: none."""
    started: bool = False
    """Another CPU started this one, and wrote its number here."""
    hardware: u64 = 0
    """The number of its local APIC."""
    controller: u64 = 0
    """The registers of its local APIC."""
    descriptors: Array[u64] = array(7)
    """The global descriptor table."""
    task_start: u64 = 0
    task: Task = Task()
