"""One CPU: setting it up, waking others, saying whose program runs next, waiting and stopping.

Sections in brackets are those of the Intel manual's volume 3, "System Programming".
"""

from __future__ import annotations

from typing import Final, NoReturn

from abi.kernel import Fault
from kernel.arch.x86_64 import registers
from kernel.arch.x86_64.frame import CpuRecord, Frame
from kernel.arch.x86_64.paging import DATA, DIRECT_MAP, empty_space, go_to_space, map_around
from kernel.arch.x86_64.start import MAILBOX, TRAMPOLINE, image_header
from kernel.arch.x86_64.vectors import VECTOR_BYTES, VECTORS, call_entry, vector_entries
from metal import U64, Array, Ptr, addr_of, array, assign, ptr_at, raw, struct, symbol_address, table, u8, u64

UNSAFE: Final = True

OPEN_COUNTERS: Final = 0
"""1 in builds that measure: programs may read the time-stamp counter."""

IDLE_RETURNS: Final = False
"""A CPU with nobody to run waits inside the kernel."""

# Selectors, with the level of programs in those of programs; SYSCALL and SYSRET want them in this order (5.8.8).
KERNEL_CODE: Final = 0x08
PROGRAM_DATA: Final = 0x18 + 3
PROGRAM_CODE: Final = 0x20 + 3
TASK: Final = 0x28
CALL_SELECTORS: Final = 0x08 << 32 | 0x10 << 48

# Descriptors of flat segments (3.4.5) with the levels of kernel and programs, and of an available task state.
CODE: Final = 0x00AF_9B00_0000_FFFF
SEGMENT: Final = 0x00CF_9300_0000_FFFF
OF_PROGRAMS: Final = 3 << 45
TASK_TYPE: Final = 0x89 << 40
TASK_BYTES: Final = 104
GATE: Final = 0x8E << 40
GATE_OF_PROGRAMS: Final = 0xEE << 40
BREAKPOINT: Final = 3
FAILURE_STACK: Final = 1

# Model-specific registers.
CALL_SEGMENTS: Final = 0xC000_0081
CALL_ENTRY: Final = 0xC000_0082
CALL_MASK: Final = 0xC000_0084
FS_BASE: Final = 0xC000_0100
GS_BASE: Final = 0xC000_0101
OTHER_GS_BASE: Final = 0xC000_0102

LOW_HALF: Final = 0x7FFF_FFFF_FFFF
"""The bits of an address that programs may have."""

INTERRUPTS: Final = 1 << 9
ALL_FLAGS: Final = 0x3F_7FD5

# CPUID: the leaf with the number of the local APIC and whether the machine is an emulated one.
FEATURES: Final = 1
HYPERVISOR: Final = 1 << 31

# CR4 and the bits of CPUID's leaf 7 that offer them: no programs' instructions where tables are stored, nothing of
# programs executed or read by the kernel.
MORE_FEATURES: Final = 7
HIDES_TABLES: Final = 1 << 11
OFFERS_HIDING: Final = 1 << 2
GUARDS_EXECUTION: Final = 1 << 20
OFFERS_EXECUTION: Final = 1 << 7
GUARDS_ACCESS: Final = 1 << 21
OFFERS_ACCESS: Final = 1 << 20
CLOSES_COUNTER: Final = 1 << 2

WRITTEN_END: Final = 16
"""How far before a frame's wide registers what the CPU writes into it ends."""

# x87 and SSE controls as a CPU resets them: every exception is masked.
FRESH_X87: Final = 0x37F
FRESH_SSE: Final = 0x1F80

# The local APIC ("Interrupt Command Register", 10.6.1), and how often its answer is awaited.
COMMAND: Final = 0x300
COMMAND_TARGET: Final = 0x310
SENDING: Final = 1 << 12
INITIALIZE: Final = 0x4500
START_UP: Final = 0x4600
PENDING: Final = 0x200
PATIENCE: Final = 50_000_000

# What an emulated machine's exit device is told, at its port: seven bits, and the emulator shifts a one in below them.
EXIT_PORT: Final = 0xF4
MOST_STATUS: Final = 127

# The chipset's reset control, in all PCs since PCI.
RESET_PORT: Final = 0xCF9
RESET_ALL: Final = 6


@struct
class VectorTable:
    """The interrupt descriptor table (6.10), two words an entry."""

    gates: Array[u64] = array(2 * VECTORS)


vector_table: VectorTable = VectorTable()


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
    identity = registers.Identity()
    if not record.started:
        registers.identify(FEATURES, identity)
        record.hardware = U64(identity.words[1] >> 24)
        fill_vector_table()
    record.itself = addr_of(record)
    record.frame = None
    record.vector = 0
    fill_descriptors(record)
    registers.load_tables(
        addr_of(record.descriptors), 8 * len(record.descriptors) - 1, addr_of(vector_table), 16 * VECTORS - 1, TASK
    )
    registers.write_model_register(GS_BASE, addr_of(record))
    registers.write_model_register(OTHER_GS_BASE, 0)
    registers.write_model_register(CALL_SEGMENTS, CALL_SELECTORS)
    registers.write_model_register(CALL_ENTRY, addr_of(call_entry))
    registers.write_model_register(CALL_MASK, ALL_FLAGS)
    registers.write_control(wanted_control())


def fill_vector_table() -> None:
    """A gate for every vector (6.14.1); programs may use the breakpoint's only."""
    for number in range(U64(VECTORS)):
        entry = addr_of(vector_entries) + number * VECTOR_BYTES
        gate: u64 = GATE_OF_PROGRAMS if number == BREAKPOINT else GATE
        if number == 2 or number == 8 or number == 18:
            gate |= FAILURE_STACK << 32
        low = entry & 0xFFFF | KERNEL_CODE << 16 | (entry >> 16 & 0xFFFF) << 48
        vector_table.gates[2 * number] = low | gate
        vector_table.gates[2 * number + 1] = entry >> 32


def fill_descriptors(record: Ptr[CpuRecord]) -> None:
    """This CPU's segments and task state."""
    task = addr_of(record.task) - 4
    record.descriptors[1] = CODE
    record.descriptors[2] = SEGMENT
    record.descriptors[3] = SEGMENT | OF_PROGRAMS
    record.descriptors[4] = CODE | OF_PROGRAMS
    low = (task & 0xFF_FFFF) << 16 | (task >> 24 & 0xFF) << 56
    record.descriptors[5] = low | TASK_TYPE | TASK_BYTES - 1
    record.descriptors[6] = task >> 32
    record.task.failure_stack = symbol_address("__failure_stack_end")
    # The bitmap of ports begins behind the end: there is none, and programs reach no port.
    record.task.last[1] = TASK_BYTES << 16


def wanted_control() -> u64:
    """CR4 with what this CPU offers. Programs cannot write the bases of FS and GS, which would be theirs to hide in."""
    identity = registers.Identity()
    registers.identify(MORE_FEATURES, identity)
    control = registers.read_control()
    if identity.words[2] & OFFERS_HIDING != 0:
        control |= HIDES_TABLES
    if identity.words[1] & OFFERS_EXECUTION != 0:
        control |= GUARDS_EXECUTION
    if identity.words[1] & OFFERS_ACCESS != 0:
        control |= GUARDS_ACCESS
    return control if OPEN_COUNTERS > 0 else control | CLOSES_COUNTER


def hardware_id() -> u64:
    """The number of this CPU's local APIC."""
    return ptr_at(CpuRecord, this_cpu()).hardware


def start_cpu(hardware: u64, record: Ptr[CpuRecord]) -> bool:
    """Wakes another CPU ("MP Initialization", 8.4.4); it goes to `kernel_secondary` on the stack below its record."""
    record.started = True
    record.hardware = hardware
    map_around(TRAMPOLINE, 1, DATA)
    code = raw(u8, TRAMPOLINE + DIRECT_MAP)
    begin = symbol_address("trampoline")
    for index in range(symbol_address("trampoline_end") - begin):
        code[index] = raw(u8, begin)[index]
    mailbox: u64 = MAILBOX + DIRECT_MAP
    registers.exchange(mailbox, addr_of(record))
    command(hardware, INITIALIZE)
    for _ in range(2):
        command(hardware, START_UP | TRAMPOLINE >> 12)
        for _ in range(PATIENCE):
            if registers.read_long(mailbox) == 0:
                return True
            registers.spin_hint()
    # Who takes it only now is started all the same.
    return registers.exchange(mailbox, 0) == 0


def command(hardware: u64, order: u64) -> None:
    """Sends an interrupt to another CPU; its stores before are seen there."""
    apic = ptr_at(CpuRecord, this_cpu()).controller
    while registers.read_word(apic + COMMAND) & SENDING != 0:
        registers.spin_hint()
    registers.write_word(apic + COMMAND_TARGET, hardware << 24)
    registers.write_word(apic + COMMAND, order)


def this_cpu() -> u64:
    """The address of this CPU's record."""
    return registers.read_this_cpu()


def wait() -> None:
    """Sleeps until an interrupt comes, and takes one."""
    registers.wait_for_interrupt()


def pending() -> bool:
    """An interrupt waits until the kernel has finished: one of the vectors 32 to 95 is requested (10.8.4)."""
    request = ptr_at(CpuRecord, this_cpu()).controller + PENDING
    return registers.read_word(request + 0x10) | registers.read_word(request + 0x20) != 0


def relax() -> None:
    """One turn of a loop that waits for another CPU."""
    registers.spin_hint()


def stop(status: u64) -> NoReturn:
    """Ends an emulated machine, with this status as far as it can be told; any other stands still."""
    identity = registers.Identity()
    registers.identify(FEATURES, identity)
    if identity.words[2] & HYPERVISOR != 0:
        registers.write_port(EXIT_PORT, 4, status if status < MOST_STATUS else MOST_STATUS)
    while True:
        registers.stop_for_ever()


def restart_machine() -> NoReturn:
    """Starts the machine anew."""
    registers.write_port(RESET_PORT, 1, RESET_ALL)
    while True:
        registers.shut_down()


def frame_start(frame: Ptr[Frame], entry: u64, stack: u64, argument: u64) -> None:
    """Registers of a program that has not run: everything zero but these. It begins like a function that was called."""
    space = frame.space
    thread_pointer = frame.thread_pointer
    assign(frame, Frame())
    frame.space = space
    frame.thread_pointer = thread_pointer
    frame.pc = entry
    frame.stack = (stack & ~U64(15)) - 8
    frame.words[0] = argument
    frame.full = 1
    frame.vectors[0] = FRESH_X87
    frame.vectors[3] = FRESH_SSE


def repeat_call(frame: Ptr[Frame]) -> None:
    """The program makes its call again when it runs next; its message, handle and number must be as they were."""
    frame.pc -= 2


REGISTERS: Final = 24
"""How many registers a debugger may name: those by role, and rax to r15 from `Register.GENERAL` on."""

NOWHERE: Final = 99
COUNTER: Final = 19
FIRST_SCRATCH: Final = 13
LAST_SCRATCH: Final = 14

register_places: Array[u64] = table(
    COUNTER, 22, 11, NOWHERE, 24, NOWHERE, NOWHERE, NOWHERE,
    10, 13, 2, 8, 22, 11, 1, 0, 3, 4, 5, 14, 6, 7, 9, 12,
)  # fmt: skip
"""Which word of a frame holds each of them."""


def get_register(frame: Ptr[Frame], register: u64) -> u64:
    """One register of a stopped program; those that a call destroys read as zero in a short frame."""
    place = register_places[register] if register < REGISTERS else NOWHERE
    if place == NOWHERE or (place >= FIRST_SCRATCH and place <= LAST_SCRATCH and frame.full == 0):
        return 0
    return raw(u64, addr_of(frame))[place]


def put_register(frame: Ptr[Frame], register: u64, value: u64) -> None:
    """Changes one register of a stopped program; none of them gives it more than its own state.

    The way back to a program fails in the kernel for an address that is none, so such bits are cut off.
    """
    place = register_places[register] if register < REGISTERS else NOWHERE
    if place != NOWHERE:
        raw(u64, addr_of(frame))[place] = value & LOW_HALF if place == COUNTER else value
        frame.holder = 0


def fault_kind(syndrome: u64) -> Fault:
    """What the vector and the error say: "Exception and Interrupt Reference" (6.15)."""
    match syndrome & 0xFF:
        case 14:
            if syndrome & 1 << 12 != 0:
                return Fault.EXECUTE
            return Fault.WRITE if syndrome & 1 << 9 != 0 else Fault.READ
        case 1 | 3:
            return Fault.TRAP
        case 6 | 13:
            return Fault.INSTRUCTION
        case 17:
            return Fault.ALIGNMENT
        case _:
            return Fault.OTHER


def select(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """This program runs next: its space, and what no vector loads: wide registers, thread pointer, selectors."""
    if record.frame is not frame or frame.holder != addr_of(record):
        record.frame = frame
        record.task.stack = addr_of(frame.vectors) - WRITTEN_END
        frame.code = PROGRAM_CODE
        frame.data = PROGRAM_DATA
        frame.flags |= INTERRUPTS
        frame.holder = addr_of(record)
        registers.clear_selectors()
        registers.load_vectors(addr_of(frame.vectors))
        registers.write_model_register(FS_BASE, frame.thread_pointer & LOW_HALF)
    go_to_space(frame.space)


def select_called(record: Ptr[CpuRecord], frame: Ptr[Frame], source: Ptr[Frame]) -> u64:
    """The same for a program that waits in a call, with the words of another's frame: they are copied."""
    for index in range(8):
        frame.words[index] = source.words[index]
    select(record, frame)
    return 0


def select_nobody(record: Ptr[CpuRecord]) -> None:
    """No program runs next: the CPU sleeps, in the empty space."""
    record.frame = None
    go_to_space(empty_space())


def forget_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """The thread of this frame is no more: whatever its CPU still holds is overwritten before another program runs."""
    if record.frame is frame:
        record.frame = None
