"""One CPU: setting it up, waking others, saying whose program runs next, waiting and stopping."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.kernel import Fault
from kernel.arch.aarch64 import registers
from kernel.arch.aarch64.frame import CpuRecord, Frame
from kernel.arch.aarch64.paging import DIRECT_MAP, empty_space
from kernel.arch.aarch64.start import image_header, start_other, start_waiting
from kernel.arch.aarch64.vectors import exception_vectors, exchange_vectors, save_vectors, semihosting_exit
from metal import (
    Array,
    Ptr,
    addr_of,
    array,
    assign,
    export,
    mmio_write32,
    noinline,
    raw,
    struct,
    symbol_address,
    table,
    u64,
)

UNSAFE: Final = True

OPEN_COUNTERS: Final = 0
"""1 in builds that measure: programs may read the cycle counter."""

IDLE_RETURNS: Final = False
"""A CPU with nobody to run waits inside the kernel."""

# CPACR_EL1.FPEN: the kernel itself never uses the vector registers, so "open" and "closed" speak of programs.
VECTORS_OPEN: Final = 0x30_0000
VECTORS_CLOSED: Final = 0x10_0000

# Power State Coordination Interface, ARM DEN 0022.
PSCI_SYSTEM_OFF: Final = 0x8400_0008
PSCI_SYSTEM_RESET: Final = 0x8400_0009
PSCI_CPU_ON: Final = 0xC400_0003
SEMIHOSTING_EXIT: Final = 0x20026

VECTOR_TURNS: Final = 128
"""How often a program that used vector registers gets them at once before it must ask for them again."""

no_vectors: Array[u64] = array(64)
"""Zeros, for a program that has nothing in its vector registers."""

# Power management of a BCM2835, which has a watchdog for everything: each write carries a password.
WATCHDOG_RESET: Final = 0x1C
WATCHDOG_STATUS: Final = 0x20
WATCHDOG_TIME: Final = 0x24
PASSWORD: Final = 0x5A00_0000
FULL_RESET: Final = 0x20
STAY_OFF: Final = 0x555

WAITING_CPUS: Final = 4


@struct
class Firmware:
    """How this machine wakes CPUs and ends, which the device tree says: by PSCI, or by words and a watchdog."""

    # PSCI is called by HVC, not SMC.
    hypervisor: bool = True
    # Where each of the first CPUs waits for an address; 0: PSCI wakes it.
    waiting: Array[u64] = array(WAITING_CPUS)
    # Where the watchdog is that ends the machine; 0: PSCI does.
    watchdog: u64 = 0


firmware: Firmware = Firmware()
exit_request: Array[u64] = array(2)


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
    registers.write_cpu_record(addr_of(record))
    registers.write_vector_base(addr_of(exception_vectors))
    registers.write_vector_gate(VECTORS_CLOSED)
    registers.close_program_registers()
    if OPEN_COUNTERS > 0:
        registers.open_cycle_counter()
    record.frame = None
    record.vectors_open = False
    registers.synchronize()


def hardware_id() -> u64:
    """The number by which firmware knows this CPU."""
    return registers.read_mpidr() & 0xFF_00FF_FFFF


def start_cpu(hardware: u64, record: Ptr[CpuRecord]) -> bool:
    """Wakes another CPU; it goes to `kernel_secondary` on the stack below its record."""
    if hardware < WAITING_CPUS and firmware.waiting[hardware] != 0:
        registers.store_for_waiting(symbol_address("__waiting_records") + 8 * hardware, addr_of(record))
        registers.store_for_waiting(firmware.waiting[hardware] + DIRECT_MAP, addr_of(start_waiting) - DIRECT_MAP)
        return True
    entry = addr_of(start_other) - DIRECT_MAP
    return registers.firmware_call(firmware.hypervisor, PSCI_CPU_ON, hardware, entry, addr_of(record)) == 0


def this_cpu() -> u64:
    """The address of this CPU's record."""
    return registers.read_cpu_record()


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
    """Ends the machine: with this status where a debugger or an emulator listens, else powered off."""
    exit_request[0] = SEMIHOSTING_EXIT
    exit_request[1] = status
    semihosting_exit(addr_of(exit_request))
    ask_for_end(PSCI_SYSTEM_OFF)


def restart_machine() -> NoReturn:
    """Starts the machine anew."""
    ask_for_end(PSCI_SYSTEM_RESET)


def ask_for_end(function: u64) -> NoReturn:
    """One of these two functions of PSCI, or what the watchdog does like it."""
    if firmware.watchdog != 0:
        mmio_write32(firmware.watchdog + WATCHDOG_STATUS, PASSWORD | (STAY_OFF if function == PSCI_SYSTEM_OFF else 0))
        mmio_write32(firmware.watchdog + WATCHDOG_TIME, PASSWORD | 1)
        mmio_write32(firmware.watchdog + WATCHDOG_RESET, PASSWORD | FULL_RESET)
    else:
        registers.firmware_call(firmware.hypervisor, function, 0, 0, 0)
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


def repeat_call(frame: Ptr[Frame]) -> None:
    """The program makes its call again when it runs next; its message, handle and number must be as they were."""
    frame.pc -= 4


REGISTERS: Final = 39
"""How many registers a debugger may name: those by role, and x0 to x30 from `Register.GENERAL` on."""

NOWHERE: Final = 99
FIRST_SCRATCH: Final = 28

register_places: Array[u64] = table(
    23, 22, 20, 21, 25, NOWHERE, NOWHERE, NOWHERE,
    0, 1, 2, 3, 4, 5, 6, 7, 28, 29, 30, 8, 31, 9, 32, 33, 34, 35, 36, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
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
    """What ESR_EL1 says: "Exception Syndrome Register", EC and the fault status codes (D17)."""
    cause = syndrome >> 26
    if cause == 0x20:
        return Fault.EXECUTE
    if cause == 0x24:
        if syndrome & 0x3F == 0x21:
            return Fault.ALIGNMENT
        return Fault.WRITE if syndrome & 0x40 != 0 else Fault.READ
    if cause == 0x22 or cause == 0x26:
        return Fault.ALIGNMENT
    if cause == 0x3C:
        return Fault.TRAP
    # Unknown instructions, and system registers, SVE or other state that programs may not use.
    return Fault.INSTRUCTION if cause == 0 or cause == 0x18 or cause == 0x19 else Fault.OTHER


def run_in_space(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """This program runs next: its space and its thread pointer."""
    record.frame = frame
    registers.write_space(frame.space)
    registers.write_thread_pointer(frame.thread_pointer)


def select(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """This program runs next: its space, its thread pointer, and its vector registers when it used them lately."""
    if record.vectors_open or frame.vector_turns != 0:
        select_vectors(record, frame)
    run_in_space(record, frame)


def select_called(record: Ptr[CpuRecord], frame: Ptr[Frame], source: Ptr[Frame]) -> u64:
    """The same for a program that waits in a call; the vectors take its words from the frame that is the result."""
    if record.vectors_open or frame.vector_turns != 0:
        return select_called_vectors(record, frame, source)
    run_in_space(record, frame)
    return addr_of(source)


@noinline
def select_called_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame], source: Ptr[Frame]) -> u64:
    """The same when one of the two uses vector registers. A call destroys all of them, so mostly none is saved."""
    if not record.vectors_open or frame.vector_turns < 2:
        return select_from(record, frame, source)
    frame.vector_turns -= 1
    frame.vector_cpu = addr_of(record)
    source.vectors_kept = False
    run_in_space(record, frame)
    old = addr_of(source.vector_control)
    return exchange_vectors(addr_of(source), old, addr_of(frame.vector_control), addr_of(no_vectors))


@noinline
def select_from(record: Ptr[CpuRecord], frame: Ptr[Frame], source: Ptr[Frame]) -> u64:
    """The same when only one of the two uses them, or it is to be seen whether the next one still does."""
    select(record, frame)
    return addr_of(source)


@noinline
def select_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """The program that runs next, or the one that ran, uses vector registers."""
    if record.frame is frame and frame.vector_cpu == addr_of(record):
        return
    keep_vectors(record)
    if frame.vector_turns != 0:
        frame.vector_turns -= 1
        give_vectors(record, frame)


def keep_vectors(record: Ptr[CpuRecord]) -> None:
    """Saves them at once, not when somebody else needs them, so that the thread may go on at any CPU.

    A program that was started anew meanwhile has lost what it had.
    """
    last = record.frame
    if last is not None and record.vectors_open and last.vector_cpu == addr_of(record):
        last.vectors_kept = last.full != 0
        if last.vectors_kept:
            save_vectors(addr_of(last.vectors))
        exchange_vectors(0, addr_of(last.vector_control), addr_of(record.vector_control), addr_of(no_vectors))
    if record.vectors_open:
        record.vectors_open = False
        registers.write_vector_gate(VECTORS_CLOSED)


def give_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """A program that uses vector registers gets its own. The gate stops programs, never the kernel."""
    frame.vector_cpu = addr_of(record)
    place = addr_of(frame.vectors) if frame.vectors_kept else addr_of(no_vectors)
    exchange_vectors(0, addr_of(record.vector_control), addr_of(frame.vector_control), place)
    record.vectors_open = True
    registers.write_vector_gate(VECTORS_OPEN)


@export
def open_vectors(record: Ptr[CpuRecord]) -> None:
    """The program that runs uses vector registers; for some turns it gets them at once."""
    frame = record.frame
    if frame is None:
        return
    frame.vector_turns = VECTOR_TURNS
    give_vectors(record, frame)


def select_nobody(record: Ptr[CpuRecord]) -> None:
    """No program runs next: the CPU sleeps, in the empty space, and holds back nothing that another CPU may need."""
    keep_vectors(record)
    record.frame = None
    registers.write_space(empty_space())


def forget_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """The thread of this frame is no more: nothing is written to it again.

    The record may be another CPU's, so no register is touched: the next `select` there closes what is open.
    """
    if record.frame is frame:
        record.frame = None
