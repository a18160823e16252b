"""One CPU: setting it up, waking others, saying whose program runs next, judging faults, waiting and stopping."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.kernel import Fault
from kernel.arch.loongarch64 import registers
from kernel.arch.loongarch64.frame import CpuRecord, Frame
from kernel.arch.loongarch64.paging import (
    DIRECT_MAP,
    device_address,
    empty_space,
    go_to_space,
    setup_translation,
    was_filled_too_early,
)
from kernel.arch.loongarch64.start import image_header
from kernel.arch.loongarch64.vectors import load_vectors, save_vectors, trap_entry
from metal import (
    U32,
    U64,
    Array,
    Ptr,
    addr_of,
    assign,
    export,
    mmio_read32,
    mmio_write8,
    mmio_write32,
    ptr_at,
    raw,
    struct,
    symbol_address,
    table,
    u64,
)

UNSAFE: Final = True

IDLE_RETURNS: Final = False
"""A CPU with nobody to run waits inside the kernel."""

PROGRAM_MODE: Final = 7
"""PRMD: privilege 3, with interrupts."""

VECTOR_SPACING: Final = 1 << 16
"""ECFG.VS: two instructions a vector."""

FLOATING: Final = 1
"""EUEN.FPE."""

# Codes of exceptions ("Exception Codes", 7.4.6), with the sub-code above bit 6.
INVALID_LOAD: Final = 1
INVALID_STORE: Final = 2
INVALID_FETCH: Final = 3
NOT_WRITABLE: Final = 4
NOT_READABLE: Final = 5
NOT_EXECUTABLE: Final = 6
BAD_FETCH_ADDRESS: Final = 8
BAD_ADDRESS: Final = 8 | 1 << 6
MISALIGNED: Final = 9
OUT_OF_BOUNDS: Final = 10
BREAKPOINT: Final = 12
UNKNOWN_INSTRUCTION: Final = 13
PRIVILEGED_INSTRUCTION: Final = 14
FLOATING_CLOSED: Final = 15
LAST_CLOSED: Final = 17
"""Behind it stand the codes of the wider vector units, which stay closed."""

# Which of the plain instructions for memory store (ST, FST), and which of those that add two registers (STX, FSTX, and
# what exchanges or adds at once).
PLAIN_STORES: Final = 0xA0F0
INDEXED_STORES: Final = 0xF0 | 0xC000 | 0xFF << 21 | 1 << 31

WRITE_MARK: Final = 1 << 16
"""In what `judge_fault` tells: the instruction that used a bad address stores."""

# The board's own controllers (IOCSR): mail, and interrupts of other CPUs.
MAIL_SEND: Final = 0x1048
BLOCKING: Final = 1 << 31
POKE_SEND: Final = 0x1040

# Power management of the bridge, LS7A: a write to this register switches the machine off or starts it anew.
POWER: Final = 0x1008_0010
POWER_OFF: Final = 0xFF
POWER_ANEW: Final = 0

# PCI: the configuration of a device, and its command that makes it answer.
COMMAND: Final = 0x04
BASE_ADDRESS: Final = 0x10
ANSWER: Final = 2
PANICKED: Final = 1


@struct
class PanicDevice:
    """The device that ends an emulated machine as failed: its configuration, 0 without one, and a free address."""

    configuration: u64 = 0
    address: u64 = 0


panic_device: PanicDevice = PanicDevice()


def set_panic(configuration: u64, address: u64) -> None:
    """Where that device is, if the machine has it."""
    panic_device.configuration = configuration
    panic_device.address = address


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
    registers.write_exception_configuration(VECTOR_SPACING)
    registers.write_previous_mode(PROGRAM_MODE)
    registers.write_units(0)
    setup_translation()
    record.frame = None
    record.vector_owner = None
    record.vectors_open = False


def hardware_id() -> u64:
    """The number of this CPU."""
    return registers.read_cpu_number()


def start_cpu(hardware: u64, record: Ptr[CpuRecord]) -> bool:
    """Wakes another CPU; it goes to `kernel_secondary` on the stack below its record."""
    registers.finish_stores()
    address = addr_of(record)
    # The low half, which is never 0, last: the CPU that waits looks at whatever has arrived.
    send_mail(hardware, 1, address >> 32)
    send_mail(hardware, 0, address & 0xFFFF_FFFF)
    registers.write_io(POKE_SEND, BLOCKING | hardware << 16)
    return True


def send_mail(hardware: u64, half: u64, value: u64) -> None:
    """Writes half a mailbox of another CPU."""
    registers.write_io_wide(MAIL_SEND, value << 32 | BLOCKING | hardware << 16 | half << 2)


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
    """Ends the machine: powered off, or as failed where a device for that listens, which knows no other status."""
    if status != 0 and panic_device.configuration != 0:
        tell_panic()
    mmio_write8(device_address(POWER), POWER_OFF)
    while True:
        registers.wait_for_interrupt()


def tell_panic() -> None:
    """Writes the device's one register, at the address it has, or gets now."""
    configuration = panic_device.configuration
    if mmio_read32(configuration + BASE_ADDRESS) == 0:
        mmio_write32(configuration + BASE_ADDRESS, U32(panic_device.address))
    mmio_write32(configuration + COMMAND, ANSWER)
    mmio_write8(device_address(U64(mmio_read32(configuration + BASE_ADDRESS))), PANICKED)


def restart_machine() -> NoReturn:
    """Starts the machine anew."""
    mmio_write8(device_address(POWER), POWER_ANEW)
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
        registers.write_units(0)


def repeat_call(frame: Ptr[Frame]) -> None:
    """The program makes its call again when it runs next; its message, handle and number must be as they were."""
    frame.pc -= 4


REGISTERS: Final = 40
"""How many registers a debugger may name: those by role, and r0 to r31 from `Register.GENERAL` on."""

NOWHERE: Final = 99
FIRST_SCRATCH: Final = 26

register_places: Array[u64] = table(
    23, 22, 11, 10, 21, NOWHERE, NOWHERE, NOWHERE,
    NOWHERE, 10, 21, 22, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 25, 26, 27, 28, 29, 30, 31, 32, 11, 12, 13, 14, 15, 16, 17, 18,
    19, 20,
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


@export
def judge_fault(record: Ptr[CpuRecord]) -> u64:
    """What the program that runs did: the code of its exception; 0 when nothing is wrong and it just goes on."""
    code = registers.read_exception_status() >> 16 & 0x7FFF
    frame = record.frame
    record.fault_address = registers.read_bad_address() if code & 63 <= OUT_OF_BOUNDS else 0
    if code == FLOATING_CLOSED:
        open_vectors(record)
        return 0
    if code <= INVALID_FETCH and frame is not None and was_filled_too_early(frame.space, record.fault_address):
        return 0
    if code == BAD_ADDRESS and is_store(registers.read_bad_instruction()):
        return code | WRITE_MARK
    return code


def is_store(instruction: u64) -> bool:
    """An access of memory writes it: this only the instruction knows (volume 1, appendix B)."""
    group = instruction >> 26 & 63
    if group == 0x0A:
        return U64(PLAIN_STORES) >> (instruction >> 22 & 15) & 1 != 0
    if group == 0x0E:
        return U64(INDEXED_STORES) >> (instruction >> 18 & 63) & 1 != 0
    return instruction >> 24 & 1 != 0


def fault_kind(syndrome: u64) -> Fault:
    """What `judge_fault` told."""
    code = syndrome & ~U64(WRITE_MARK)
    if code == INVALID_STORE or code == NOT_WRITABLE or syndrome & WRITE_MARK != 0:
        return Fault.WRITE
    if code == INVALID_FETCH or code == NOT_EXECUTABLE or code == BAD_FETCH_ADDRESS:
        return Fault.EXECUTE
    if code == INVALID_LOAD or code == NOT_READABLE or code == BAD_ADDRESS:
        return Fault.READ
    if code == MISALIGNED:
        return Fault.ALIGNMENT
    if code == BREAKPOINT:
        return Fault.TRAP
    # Unknown and privileged instructions, and units that stay closed.
    return Fault.INSTRUCTION if code >= UNKNOWN_INSTRUCTION and code <= LAST_CLOSED else Fault.OTHER


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
    """A program that uses floating-point registers gets its own."""
    registers.write_units(FLOATING)
    if record.vector_owner is not frame:
        load_vectors(addr_of(frame.vectors))
        record.vector_owner = frame
    record.vectors_open = True


def close_vectors(record: Ptr[CpuRecord]) -> None:
    """Saves them at once, not when somebody else needs them, so that the thread may go on at any CPU."""
    last = record.frame
    if last is not None and record.vectors_open and last.vector_cpu == addr_of(record):
        save_vectors(addr_of(last.vectors))
    record.vectors_open = False
    registers.write_units(0)


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
