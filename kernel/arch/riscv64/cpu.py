"""One CPU: setting it up, waking others, saying whose program runs next, waiting and stopping."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.kernel import Fault
from kernel.arch.riscv64 import registers
from kernel.arch.riscv64.frame import CpuRecord, Frame
from kernel.arch.riscv64.paging import DIRECT_MAP, empty_space, find_tags, go_to_space, translation
from kernel.arch.riscv64.start import image_header, start_other
from kernel.arch.riscv64.vectors import load_vectors, save_vectors, trap_entry
from metal import Array, Ptr, addr_of, assign, export, ptr_at, raw, symbol_address, table, u64

UNSAFE: Final = True

OPEN_COUNTERS: Final = 0
"""1 in builds that measure: programs may read the cycle counter."""

IDLE_RETURNS: Final = False
"""A CPU with nobody to run waits inside the kernel."""

# sstatus: the mode SRET goes to, and the floating-point registers: closed, as they were loaded, changed since.
FROM_KERNEL: Final = 1 << 8
VECTORS: Final = 3 << 13
VECTORS_CLEAN: Final = 2 << 13

# Supervisor Binary Interface: hart state management, system reset.
HARTS: Final = 0x48_534D
HART_START: Final = 0
RESET: Final = 0x5352_5354
SHUTDOWN: Final = 0
COLD_REBOOT: Final = 1

# The device that ends an emulated machine with a status.
FINISH_PASS: Final = 0x5555
FINISH_FAIL: Final = 0x3333

finisher: u64 = 0


def set_finisher(address: u64) -> None:
    """Where the device is that ends the machine, if it has one."""
    global finisher
    finisher = address


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
    """Vectors, the CPU's record, and everything that programs must not touch."""
    registers.write_this_cpu(addr_of(record))
    registers.write_vector_base(addr_of(trap_entry))
    registers.clear_status(FROM_KERNEL | VECTORS)
    registers.write_program_counters(7 if OPEN_COUNTERS > 0 else 0)
    if not record.started:
        record.hardware = translation.first_hardware
        find_tags()
    record.frame = None
    record.vector_owner = None
    record.vectors_open = False


def hardware_id() -> u64:
    """The number by which firmware knows this CPU."""
    return ptr_at(CpuRecord, this_cpu()).hardware


def start_cpu(hardware: u64, record: Ptr[CpuRecord]) -> bool:
    """Wakes another CPU; it goes to `kernel_secondary` on the stack below its record."""
    record.started = True
    record.hardware = hardware
    registers.finish_stores()
    entry = addr_of(start_other) - DIRECT_MAP
    return registers.firmware_call(HARTS, HART_START, hardware, entry, addr_of(record), 0) == 0


def this_cpu() -> u64:
    """The address of this CPU's record."""
    return registers.read_this_cpu()


def wait() -> None:
    """Sleeps until an interrupt is pending, masked or not."""
    registers.wait_for_interrupt()


def pending() -> bool:
    """An interrupt waits until the kernel has finished."""
    return registers.read_pending() != 0


def relax() -> None:
    """One turn of a loop that waits for another CPU."""
    registers.spin_hint()


def stop(status: u64) -> NoReturn:
    """Ends the machine: with this status where a device for that listens, else powered off."""
    if finisher != 0:
        registers.write_word(finisher, FINISH_PASS if status == 0 else FINISH_FAIL | (status & 0xFFFF) << 16)
    registers.firmware_call(RESET, 0, SHUTDOWN, 0, 0, 0)
    while True:
        registers.wait_for_interrupt()


def restart_machine() -> NoReturn:
    """Starts the machine anew."""
    registers.firmware_call(RESET, 0, COLD_REBOOT, 0, 0, 0)
    while True:
        registers.wait_for_interrupt()


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
        registers.clear_status(VECTORS)


def repeat_call(frame: Ptr[Frame]) -> None:
    """The program makes its call again when it runs next; its message, handle and number must be as they were."""
    frame.pc -= 4


REGISTERS: Final = 40
"""How many registers a debugger may name: those by role, and x0 to x31 from `Register.GENERAL` on."""

NOWHERE: Final = 99
FIRST_SCRATCH: Final = 28

register_places: Array[u64] = table(
    26, 25, 12, 10, 24, NOWHERE, NOWHERE, NOWHERE,
    NOWHERE, 10, 25, 11, 24, 8, 9, 28, 12, 13, 0, 1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
    29, 30, 31, 32,
)  # fmt: skip
"""Which word of a frame holds each of them."""


def get_register(frame: Ptr[Frame], register: u64) -> u64:
    """One register of a stopped program; those that a call destroys read as zero in a short frame."""
    place = register_places[register] if register < REGISTERS else NOWHERE
    if place == NOWHERE or (place >= FIRST_SCRATCH and frame.full == 0):
        return 0
    return raw(u64, addr_of(frame))[place]


def put_register(frame: Ptr[Frame], register: u64, value: u64) -> None:
    """Changes one register of a stopped program; none of them gives it more than its own state."""
    place = register_places[register] if register < REGISTERS else NOWHERE
    if place != NOWHERE:
        raw(u64, addr_of(frame))[place] = value


def fault_kind(syndrome: u64) -> Fault:
    """What scause says: "Supervisor Cause Register" (4.1.8)."""
    if syndrome == 1 or syndrome == 12:
        return Fault.EXECUTE
    if syndrome == 5 or syndrome == 13:
        return Fault.READ
    if syndrome == 7 or syndrome == 15:
        return Fault.WRITE
    if syndrome == 0 or syndrome == 4 or syndrome == 6:
        return Fault.ALIGNMENT
    if syndrome == 3:
        return Fault.TRAP
    return Fault.INSTRUCTION if syndrome == 2 else Fault.OTHER


def select(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """This program runs next: its space, and the floating-point registers only if they hold its own."""
    last = record.frame
    if last is None or (record.vectors_open and last is not frame):
        close_vectors(record)
    record.frame = frame
    go_to_space(frame.space)
    if frame.vector_cpu == addr_of(record) and not record.vectors_open:
        give_vectors(record, frame)


def give_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """A program that uses floating-point registers gets its own; the hardware notices when it changes them."""
    registers.set_status(VECTORS)
    if record.vector_owner is not frame:
        load_vectors(addr_of(frame.vectors))
        record.vector_owner = frame
    record.vectors_open = True
    registers.clear_status(VECTORS & ~VECTORS_CLEAN)


def close_vectors(record: Ptr[CpuRecord]) -> None:
    """Saves what was changed at once, not when somebody else needs it, so that the thread may go on at any CPU."""
    last = record.frame
    changed = registers.read_status() & VECTORS == VECTORS
    if last is not None and record.vectors_open and changed and last.vector_cpu == addr_of(record):
        save_vectors(addr_of(last.vectors))
    record.vectors_open = False
    registers.clear_status(VECTORS)


@export
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
    record.frame = None
    go_to_space(empty_space())


def forget_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """The thread of this frame is no more: nothing of it is kept, and nothing written to it again.

    The record may be another CPU's, so no register is touched: the next `select` there closes what is open.
    """
    if record.vector_owner is frame:
        record.vector_owner = None
    if record.frame is frame:
        record.frame = None
        record.vectors_open = False
