"""One CPU: setting it up, saying whose program runs next, waiting and stopping."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.kernel import Fault
from kernel.arch.mips64 import registers
from kernel.arch.mips64.frame import CpuRecord, Frame, anchor
from kernel.arch.mips64.paging import (
    DEVICE_MAP,
    KERNEL_MAP,
    empty_space,
    go_to_space,
    setup_translation,
    translation_is_stale,
)
from kernel.arch.mips64.start import MEMORY, told
from kernel.arch.mips64.vectors import load_vectors, save_vectors, trap_vectors, wait_for_interrupt
from metal import Array, Ptr, addr_of, assign, export, ptr_at, raw, symbol_address, table, u64

UNSAFE: Final = True

OPEN_COUNTERS: Final = 0
"""1 in builds that measure: programs may read the cycle counter."""

IDLE_RETURNS: Final = False
"""A CPU with nobody to run waits inside the kernel."""

# Status: addresses of 64 bits in every mode, 32 floating-point registers of 64 bits, which interrupts are heard.
WIDE: Final = 7 << 5
VECTORS_WHOLE: Final = 1 << 26
VECTORS: Final = 1 << 29
HEARD: Final = 0xFF00

# HWREna: UserLocal; the counter and its resolution.
THREAD_POINTER: Final = 1 << 29
COUNTER: Final = 3 << 2

# Cause: the kind of exception, and in bits that the hardware keeps zero what only the address tells.
CODE: Final = 0x1F << 2
COPROCESSOR: Final = 3 << 28
FLOATING_POINT: Final = 1 << 28
FETCHED: Final = 1 << 0
KERNEL_ADDRESS: Final = 1 << 1

# Kinds of exception ("Cause", ExcCode).
MODIFIED: Final = 1
LOAD: Final = 2
STORE: Final = 3
BAD_LOAD: Final = 4
BAD_STORE: Final = 5
BREAK: Final = 9
RESERVED: Final = 10
CLOSED: Final = 11
TRAP: Final = 13
NO_READ: Final = 19
NO_EXECUTION: Final = 20

# The Unified Hosting Interface ends an emulated machine with a status; else a function of the south bridge does.
EXIT: Final = 1
POWER: Final = 0x1800_1004
SUSPEND: Final = 0x2000
RESET: Final = 0x1F00_0500
RESET_NOW: Final = 0x42


def image_start() -> u64:
    """The physical address of the kernel's first byte."""
    return addr_of(trap_vectors) - KERNEL_MAP + MEMORY


def image_end() -> u64:
    """The physical address behind the kernel's own memory."""
    return symbol_address("__image_end") - KERNEL_MAP + MEMORY


def bundle_start() -> u64:
    """The physical address of what the host appended to the image."""
    return image_end()


def setup_cpu(record: Ptr[CpuRecord]) -> None:
    """Vectors, the CPU's record, and everything that programs must not touch."""
    registers.write_this_cpu(addr_of(record))
    anchor().record = addr_of(record)
    registers.write_vector_base(addr_of(trap_vectors))
    registers.write_status(WIDE | VECTORS_WHOLE)
    registers.write_program_registers(THREAD_POINTER | (COUNTER if OPEN_COUNTERS > 0 else 0))
    setup_translation()
    record.frame = None
    record.vector_owner = None
    record.vectors_open = False


def hardware_id() -> u64:
    """There is one CPU."""
    return 0


def start_cpu(hardware: u64, record: Ptr[CpuRecord]) -> bool:
    """There is one CPU."""
    return False


def this_cpu() -> u64:
    """The address of this CPU's record."""
    return registers.read_this_cpu()


def wait() -> None:
    """Sleeps until an interrupt is pending, masked or not."""
    wait_for_interrupt()


def pending() -> bool:
    """An interrupt waits until the kernel has finished."""
    return registers.read_cause() & registers.read_status() & HEARD != 0


def relax() -> None:
    """There is no other CPU to wait for."""


def stop(status: u64) -> NoReturn:
    """Ends the machine: with this status where a debugger or an emulator listens, else powered off."""
    if told.debugged:
        registers.ask_debugger(EXIT, status)
    registers.write_half(POWER + DEVICE_MAP, SUSPEND)
    while True:
        wait_for_interrupt()


def restart_machine() -> NoReturn:
    """Starts the machine anew."""
    registers.write_word(RESET + DEVICE_MAP, RESET_NOW)
    while True:
        wait_for_interrupt()


def frame_start(frame: Ptr[Frame], entry: u64, stack: u64, argument: u64) -> None:
    """Registers of a program that has not run: everything zero but these."""
    space = frame.space
    thread_pointer = frame.thread_pointer
    assign(frame, Frame())
    frame.space = space
    frame.thread_pointer = thread_pointer
    frame.pc = entry
    frame.stack = stack
    frame.words[0] = argument
    frame.full = 1
    record = ptr_at(CpuRecord, this_cpu())
    if record.vector_owner is frame:
        record.vector_owner = None
        record.vectors_open = False
        close_gate()


def repeat_call(frame: Ptr[Frame]) -> None:
    """The program makes its call again when it runs next; its message, handle and number must be as they were."""
    frame.pc -= 4


REGISTERS: Final = 40
"""How many registers a debugger may name: those by role, and $0 to $31 from `Register.GENERAL` on."""

NOWHERE: Final = 99
FIRST_SCRATCH: Final = 24

register_places: Array[u64] = table(
    22, 21, 19, 20, 33, NOWHERE, NOWHERE, NOWHERE,
    NOWHERE, 25, 26, 27, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 24, 28, 10, 11, 12, 13, 14, 15, 16, 17, 29, 30, NOWHERE, NOWHERE,
    18, 21, 19, 20,
)  # fmt: skip
"""Which word of a frame holds each of them."""


def get_register(frame: Ptr[Frame], register: u64) -> u64:
    """One register of a stopped program; those that a call destroys read as zero in a short frame."""
    place = register_places[register] if register < REGISTERS else NOWHERE
    if place == NOWHERE or (FIRST_SCRATCH <= place < 33 and frame.full == 0):
        return 0
    return raw(u64, addr_of(frame))[place]


def put_register(frame: Ptr[Frame], register: u64, value: u64) -> None:
    """Changes one register of a stopped program; none of them gives it more than its own state."""
    place = register_places[register] if register < REGISTERS else NOWHERE
    if place != NOWHERE:
        raw(u64, addr_of(frame))[place] = value


@export
def judge_fault(record: Ptr[CpuRecord], cause: u64, address: u64) -> u64:
    """What `fault_kind` is to read, with the address in the record; 0 when the program just goes on."""
    frame = record.frame
    code = (cause & CODE) >> 2
    record.scratch[1] = 0
    if code == CLOSED and cause & COPROCESSOR == FLOATING_POINT:
        open_vectors(record)
        return 0
    if frame is None or (code > BAD_STORE and code != NO_READ and code != NO_EXECUTION):
        return cause & CODE
    executes = code == NO_EXECUTION or address == frame.pc or address == frame.pc + 4
    writes = code == MODIFIED or code == STORE
    if code != BAD_LOAD and code != BAD_STORE and translation_is_stale(address, writes, executes):
        return 0
    record.scratch[1] = address
    return cause & CODE | (FETCHED if executes else 0) | (KERNEL_ADDRESS if address >> 40 != 0 else 0)


def fault_kind(syndrome: u64) -> Fault:
    """What `judge_fault` found."""
    code = syndrome >> 2
    if code == BREAK or code == TRAP:
        return Fault.TRAP
    if code == RESERVED or code == CLOSED:
        return Fault.INSTRUCTION
    if code > BAD_STORE and code != NO_READ and code != NO_EXECUTION:
        return Fault.OTHER
    if (code == BAD_LOAD or code == BAD_STORE) and syndrome & KERNEL_ADDRESS == 0:
        return Fault.ALIGNMENT
    if syndrome & FETCHED != 0:
        return Fault.EXECUTE
    return Fault.WRITE if code == MODIFIED or code == STORE or code == BAD_STORE else Fault.READ


def select(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """This program runs next: its space, its thread pointer, and the floating-point registers if they hold its own."""
    last = record.frame
    if last is None or (record.vectors_open and last is not frame):
        close_vectors(record)
    record.frame = frame
    go_to_space(frame.space)
    registers.write_thread_pointer(frame.thread_pointer)
    if frame.vector_cpu == addr_of(record) and not record.vectors_open:
        give_vectors(record, frame)


def give_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """A program that uses floating-point registers gets its own."""
    registers.write_status(registers.read_status() | VECTORS)
    if record.vector_owner is not frame:
        load_vectors(addr_of(frame.vectors))
        record.vector_owner = frame
    record.vectors_open = True


def close_gate() -> None:
    """The next use of a floating-point register is told to the kernel."""
    registers.write_status(registers.read_status() & ~VECTORS)


def close_vectors(record: Ptr[CpuRecord]) -> None:
    """Saves them at once, not when somebody else needs them."""
    last = record.frame
    if last is not None and record.vectors_open and last.vector_cpu == addr_of(record):
        save_vectors(addr_of(last.vectors))
    record.vectors_open = False
    close_gate()


def open_vectors(record: Ptr[CpuRecord]) -> None:
    """The program that runs uses floating-point registers for the first time; from now on it gets them at once."""
    frame = record.frame
    if frame is None:
        return
    frame.vector_cpu = addr_of(record)
    record.vector_owner = None
    give_vectors(record, frame)


def select_called(record: Ptr[CpuRecord], frame: Ptr[Frame], source: Ptr[Frame]) -> u64:
    """The same for a program that waits in a call, with the words of another's frame: they are copied."""
    for index in range(8):
        frame.words[index] = source.words[index]
    select(record, frame)
    return 0


def select_nobody(record: Ptr[CpuRecord]) -> None:
    """No program runs next: the CPU sleeps, in the empty space."""
    close_vectors(record)
    record.frame = None
    go_to_space(empty_space())


def forget_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """The thread of this frame is no more: nothing of it is kept, and nothing written to it again."""
    if record.vector_owner is frame:
        record.vector_owner = None
    if record.frame is frame:
        record.frame = None
        record.vectors_open = False
