"""What the compiler must know about a machine: one filled-in record, never a condition in a pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TrapForm = Literal["table", "host"]


@dataclass(frozen=True)
class Prologue:
    """How a function begins where a frame pointer is the lower end of its frame, in instructions of four bytes.

    The upper halves of the one that lowers the stack pointer, by its lower half, and of those behind it that save the
    return address and the caller's frame pointer, at a distance that is their lower half; the whole one that sets the
    frame pointer.
    """

    make_room: int
    save_return: int
    save_frame: int
    set_frame: int


@dataclass(frozen=True)
class Target:
    """A machine that programs are compiled for."""

    name: str
    triple: str
    # The reference compiler, and a second one of another family that must accept the same C; the Debian packages that
    # hold them, written as plain texts because the launcher looks for them before there is any Python.
    compiler: str
    compiler_package: str
    second_compiler: str
    second_compiler_package: str
    # The linker, and the package that holds it.
    linker: str
    linker_package: str
    # Flags for every program, those added for a kernel (no FP registers, no unaligned access), and what only the one or
    # the other compiler understands.
    flags: tuple[str, ...]
    kernel_flags: tuple[str, ...]
    compiler_flags: tuple[str, ...]
    second_compiler_flags: tuple[str, ...]
    page_bytes: int
    # How far below a function's frame pointer {the caller's frame pointer, the return address} lie on the stack.
    frame_record: int
    # How a failed check ends: an instruction with an entry in the trap table, or a call into the test harness.
    trap: TrapForm
    trap_instruction: str
    # Assembly of `_start`, which the kernel enters; it calls the program's exported `metal_start`.
    entry: str
    # Assembly that every program needs, kernels too: what the C compiler calls and no library gives.
    support: str
    # A C statement expression of the macro METAL_KERNEL_CALL(operation, handle, reply, words).
    kernel_call: str
    # False where the C compiler lacks the attribute: such functions become assembly at top level.
    naked: bool
    # How a program is linked: `ld.lld` emulation and the lowest address, or a shared library for the host.
    emulation: str
    base: int
    shared: bool
    # The module that makes this machine's code from that of the machine whose compiler and linker are used: its
    # `expand` of assembly and its `translate` of linked programs. Empty where they make it themselves.
    translation: str = ""
    # What a call itself puts on the stack, which is in no function's own frame.
    call_bytes: int = 0
    # Instead of `frame_record`, where that distance is not always the same.
    prologue: Prologue | None = None
