"""One CPU: setting it up, saying whose program runs next, waiting and stopping."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.kernel import Fault
from kernel.arch.alpha import pal
from kernel.arch.alpha.frame import CpuRecord, Frame
from kernel.arch.alpha.paging import DIRECT_MAP, empty_space
from kernel.arch.alpha.start import image_header
from kernel.arch.alpha.vectors import enter_system, load_vectors, save_vectors
from metal import Array, Ptr, addr_of, assign, export, ptr_at, raw, symbol_address, table, u64

UNSAFE: Final = True

OPEN_COUNTERS: Final = 0
"""1 in builds that measure; programs may always read the cycle counter here."""

IDLE_RETURNS: Final = False
"""A CPU with nobody to run waits inside the kernel."""

CALL_BYTES: Final = 4

# Syndromes: the kind of entry, what it tells beside an address, what kind of access it was.
KIND: Final = 0xF
MACHINE_CHECK: Final = 6
"""A kind beside those of the entries: the program reached for a device's register that is not there."""
REASON_SHIFT: Final = 4
REASON: Final = 0xF
ACCESS_SHIFT: Final = 8

# Reasons of entries for instructions (part II-B, 5.2): breakpoints and their kin; floating point that is closed.
LAST_BREAKPOINT: Final = 2
CLOSED: Final = 3

# Reasons of entries for memory: not there, no access, no read, no execution, no write.
NO_EXECUTION: Final = 3

# Ends an emulated machine with a failure; where the bridge puts it is found by its kind.
PANICKED: Final = 1

panic_device: u64 = 0


def set_panic_device(address: u64) -> None:
    """Where the device is that ends the machine with a failure, if it has one."""
    global panic_device
    panic_device = address


def image_start() -> u64:
    """The physical address of the kernel's first byte."""
    return addr_of(image_header) - DIRECT_MAP


def image_end() -> u64:
    """The physical address behind the kernel's own memory."""
    return symbol_address("__image_end") - DIRECT_MAP


def bundle_start() -> u64:
    """The physical address of what the host appended to the image."""
    return image_end()


def setup_cpu(record: Ptr[CpuRecord]) -> None:
    """Entries, the CPU's record, and a context of its own with the empty space."""
    pal.write_this_cpu(addr_of(record))
    pal.write_kernel_pointer()
    pal.write_entry(symbol_address("enter_interrupt"), pal.ENTRY_INTERRUPT)
    pal.write_entry(symbol_address("enter_arithmetic"), pal.ENTRY_ARITHMETIC)
    pal.write_entry(symbol_address("enter_memory"), pal.ENTRY_MEMORY)
    pal.write_entry(symbol_address("enter_instruction"), pal.ENTRY_INSTRUCTION)
    pal.write_entry(symbol_address("enter_unaligned"), pal.ENTRY_UNALIGNED)
    pal.write_entry(addr_of(enter_system), pal.ENTRY_SYSTEM)
    record.hardware = pal.read_hardware_id()
    record.frame = None
    record.noted = 0
    record.vector_owner = None
    record.vectors_open = False
    record.space = 0
    go_to_space(record, empty_space())


def hardware_id() -> u64:
    """The number by which firmware knows this CPU."""
    return ptr_at(CpuRecord, this_cpu()).hardware


def this_cpu() -> u64:
    """The address of this CPU's record."""
    return pal.read_this_cpu()


def wait() -> None:
    """Sleeps until an interrupt is pending, unless one is noted."""
    if ptr_at(CpuRecord, this_cpu()).noted == 0:
        pal.wait_for_interrupt()


def pending() -> bool:
    """An interrupt was noted; others show themselves only when they are let through."""
    record = ptr_at(CpuRecord, this_cpu())
    if record.noted == 0:
        pal.note_interrupts()
    return record.noted != 0


def relax() -> None:
    """One turn of a loop that waits for another CPU."""
    pal.finish_stores()


def stop(status: u64) -> NoReturn:
    """Ends the machine: powered off, or with a failure where a device for that listens."""
    if panic_device != 0 and (status != 0 or not pal.POWERS_OFF):
        pal.write_byte(panic_device, PANICKED)
    while True:
        pal.power_off()


def restart_machine() -> NoReturn:
    """Firmware has no other way to start anew than from outside."""
    while True:
        pal.power_off()


def frame_start(frame: Ptr[Frame], entry: u64, stack: u64, argument: u64) -> None:
    """Registers of a program that has not run: zero but for these; $27 is the entry, as a called function has it."""
    space = frame.space
    thread_pointer = frame.thread_pointer
    assign(frame, Frame())
    frame.space = space
    frame.thread_pointer = thread_pointer
    frame.pc = entry
    frame.stack = stack
    frame.words[0] = argument
    frame.scratch[ENTRY_POINTER] = entry
    frame.full = 1
    record = ptr_at(CpuRecord, this_cpu())
    if record.vector_owner is frame:
        record.vector_owner = None
        record.vectors_open = False
        pal.open_vectors(0)


ENTRY_POINTER: Final = 9


def repeat_call(frame: Ptr[Frame]) -> None:
    """The program makes its call again when it runs next; its message, handle and number must be as they were."""
    frame.pc -= CALL_BYTES


REGISTERS: Final = 40
"""How many registers a debugger may name: those by role, and $0 to $31 from `Register.GENERAL` on."""

NOWHERE: Final = 99
FIRST_SCRATCH: Final = 22
LAST_SCRATCH: Final = 33

register_places: Array[u64] = table(
    20, 19, 16, 17, 33, NOWHERE, NOWHERE, NOWHERE,
    8, 23, 6, 7, 9, 22, 24, 25, 26, 10, 11, 12, 13, 14, 15, 16, 0, 1, 2, 3, 4, 5, 27, 28, 29, 30, 17, 31, 32, 18, 19,
    NOWHERE,
)  # fmt: skip
"""Which word of a frame holds each of them."""


def get_register(frame: Ptr[Frame], register: u64) -> u64:
    """One register of a stopped program; those that a call destroys read as zero in a short frame."""
    place = register_places[register] if register < REGISTERS else NOWHERE
    if place == NOWHERE or (FIRST_SCRATCH <= place < LAST_SCRATCH and frame.full == 0):
        return 0
    return raw(u64, addr_of(frame))[place]


def put_register(frame: Ptr[Frame], register: u64, value: u64) -> None:
    """Changes one register of a stopped program; none of them gives it more than its own state."""
    place = register_places[register] if register < REGISTERS else NOWHERE
    if place != NOWHERE:
        raw(u64, addr_of(frame))[place] = value


@export
def judge_fault(record: Ptr[CpuRecord], kind: u64, first: u64, second: u64, third: u64) -> u64:
    """What `fault_kind` is to read, with the address in the record; 0 when the program just goes on."""
    frame = record.frame
    record.address = 0
    if frame is None:
        return kind
    if kind == pal.ENTRY_INSTRUCTION:
        # The instruction counts as done for firmware; it is repeated, or it is the one that did not work.
        frame.pc -= CALL_BYTES
        if first == CLOSED:
            open_vectors(record)
            return 0
        return kind | first << REASON_SHIFT
    if kind == pal.ENTRY_UNALIGNED or kind == MACHINE_CHECK:
        frame.pc -= CALL_BYTES
    if kind == pal.ENTRY_MEMORY or kind == pal.ENTRY_UNALIGNED:
        record.address = first
    if kind == pal.ENTRY_MEMORY:
        return kind | (second & REASON) << REASON_SHIFT | (third & REASON) << ACCESS_SHIFT
    return kind


def fault_kind(syndrome: u64) -> Fault:
    """What `judge_fault` found."""
    kind = syndrome & KIND
    reason = syndrome >> REASON_SHIFT & REASON
    access = syndrome >> ACCESS_SHIFT
    if kind == pal.ENTRY_UNALIGNED:
        return Fault.ALIGNMENT
    if kind == pal.ENTRY_INSTRUCTION:
        return Fault.TRAP if reason <= LAST_BREAKPOINT else Fault.INSTRUCTION
    if kind == pal.ENTRY_MEMORY:
        if access == REASON or reason == NO_EXECUTION:
            return Fault.EXECUTE
        return Fault.WRITE if access == 1 else Fault.READ
    return Fault.OTHER


def go_to_space(record: Ptr[CpuRecord], space: u64) -> None:
    """Translations are of this space from here on: firmware takes root tables with whole contexts only."""
    if record.space == space:
        return
    record.space = space
    pal.change_space(addr_of(record.context), space)


def select(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """This program runs next: its space, its unique word, and the floating-point registers if they hold its own."""
    last = record.frame
    if last is not frame:
        close_vectors(record)
        leave(record)
        record.frame = frame
        go_to_space(record, frame.space)
        pal.write_unique(frame.thread_pointer)
    if not pal.GUARDS_VECTORS:
        frame.vector_cpu = addr_of(record)
    if frame.vector_cpu == addr_of(record) and not record.vectors_open:
        give_vectors(record, frame)


def leave(record: Ptr[CpuRecord]) -> None:
    """The program that ran may have changed its unique word."""
    last = record.frame
    if last is not None:
        last.thread_pointer = pal.read_unique()


def give_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """A program that uses floating-point registers gets its own."""
    pal.open_vectors(1)
    if record.vector_owner is not frame:
        load_vectors(addr_of(frame.vectors))
        record.vector_owner = frame
    record.vectors_open = True


def close_vectors(record: Ptr[CpuRecord]) -> None:
    """Saves them at once, not when somebody else needs them, so that the thread may go on at any CPU."""
    last = record.frame
    if record.vectors_open:
        if last is not None and last.vector_cpu == addr_of(record):
            save_vectors(addr_of(last.vectors))
        record.vectors_open = False
        pal.open_vectors(0)


def open_vectors(record: Ptr[CpuRecord]) -> None:
    """The program that runs uses floating-point registers for the first time on this CPU; it gets them at once now."""
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
    """No program runs next: the CPU sleeps, in the empty space, and holds back nothing that another CPU may need."""
    close_vectors(record)
    leave(record)
    record.frame = None
    go_to_space(record, empty_space())


def forget_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """The thread of this frame is no more: nothing of it is kept, and nothing written to it again.

    The record may be another CPU's, so no register is touched: the next `select` there closes what is open.
    """
    if record.vector_owner is frame:
        record.vector_owner = None
    if record.frame is frame:
        record.frame = None
