"""The CPUs of the pretend machine: frames, translations that are remembered until they are forgotten, and its end."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.kernel import Fault, Register
from metal import U8, U64, Array, Ptr, array, foreign, panic, struct, u8, u64

FOREIGN: Final = True

NAME: Final = "host"
PAGE_BITS: Final = 12
LEVELS: Final = 3
USER_TOP: Final = 0x40_0000_0000
DIRECT_MAP: Final = 0
TAGS: Final = 16
MEMORY_GRAIN: Final = 4096
BROADCASTS: Final = False
IDLE_RETURNS: Final = True
REGISTERS: Final = 16
MOST_CPUS: Final = 4
REMEMBERED: Final = 32
PORTS: Final = 64
PRESENT: Final = 1 << 60
ACCESS_SHIFT: Final = 56
ADDRESS: Final = 0x0000_FFFF_FFFF_F000
TAG_SHIFT: Final = 52
CALL_BYTES: Final = 4


@struct
class Frame:
    """A stopped thread's registers."""

    words: Array[u64] = array(8)
    handle: u64 = 0
    number: u64 = 0
    pc: u64 = 0
    stack: u64 = 0
    thread_pointer: u64 = 0
    space: u64 = 0
    full: u64 = 0
    general: Array[u64] = array(8)


@struct
class CpuRecord:
    """What the pretend machine keeps for a CPU."""

    frame: Ptr[Frame] | None = None
    space: u64 = 0


@struct
class Translation:
    """One translation that a CPU remembers."""

    entry: u64 = 0
    tag: u64 = 0
    page: u64 = 0


@struct
class Processor:
    """A CPU: whether another one poked it, when its timer fires, and the translations it remembers."""

    poked: bool = False
    deadline: u64 = 0
    translations: Array[Translation] = array(REMEMBERED)
    used: u64 = 0
    next: u64 = 0


@struct
class PretendMachine:
    """Everything a test moves, and everything it looks at."""

    cpu: u64 = 0  # the CPU that runs now
    now: u64 = 0
    patience: u64 = 0  # after so many looks an interrupt is pending; 0: only when one is
    looks: u64 = 0
    stopped: bool = False
    status: u64 = 0
    restarted: bool = False
    published: u64 = 0
    pending: u64 = 0  # interrupt lines
    heard: u64 = 0  # lines that are not masked
    edge: u64 = 0
    processors: Array[Processor] = array(MOST_CPUS)
    ports: Array[u8] = array(PORTS)
    output_used: u64 = 0
    output: Array[u8] = array(256)


machine: PretendMachine = PretendMachine()


@foreign
def pretend_relax() -> None:
    """The test's side: let the CPUs that were poked answer."""
    ...


def image_start() -> u64:
    """No image: the machine begins with its memory given."""
    return 0


def image_end() -> u64:
    """No image."""
    return 0


def bundle_start() -> u64:
    """No bundle: tests make the first program themselves."""
    return 0


def read_port(port: u64, size: u64) -> u64:
    """What was written there, lowest byte first."""
    value: u64 = 0
    for index in range(size):
        value |= U64(machine.ports[port + index]) << (8 * index)
    return value


def write_port(port: u64, size: u64, value: u64) -> None:
    """Keeps it."""
    for index in range(size):
        machine.ports[port + index] = U8((value >> (8 * index)) & 0xFF)


def setup_cpu(record: Ptr[CpuRecord]) -> None:
    """Nothing is to be prepared."""


def hardware_id() -> u64:
    """The CPU that runs."""
    return machine.cpu


def start_cpu(hardware: u64, record: Ptr[CpuRecord]) -> bool:
    """Tests start CPUs by entering the kernel on them."""
    return hardware < MOST_CPUS


def enter(record: Ptr[CpuRecord]) -> None:
    """Tests look at the frame that was selected."""


def this_cpu() -> u64:
    """The CPU that runs."""
    return machine.cpu


def wait() -> None:
    """A CPU with nobody to run returns to the test."""


def pending() -> bool:
    """An interrupt waits, or the test says that one does now."""
    if machine.patience > 0:
        machine.looks += 1
        if machine.looks >= machine.patience:
            machine.looks = 0
            return True
    processor = machine.processors[machine.cpu]
    return machine.pending & machine.heard != 0 or processor.poked or machine.now >= processor.deadline


def relax() -> None:
    """Another CPU is waited for: the test's side lets it answer."""
    pretend_relax()


def stop(status: u64) -> NoReturn:
    """The device is off."""
    machine.stopped = True
    machine.status = status
    panic("the machine is off")


def restart_machine() -> NoReturn:
    """The device starts again."""
    machine.restarted = True
    panic("the machine restarts")


def frame_start(frame: Ptr[Frame], entry: u64, stack: u64, argument: u64) -> None:
    """A frame that begins at entry."""
    for index in range(8):
        frame.words[index] = 0
        frame.general[index] = 0
    frame.words[0] = argument
    frame.handle = 0
    frame.number = 0
    frame.pc = entry
    frame.stack = stack
    frame.thread_pointer = 0
    frame.full = 1


def repeat_call(frame: Ptr[Frame]) -> None:
    """Back to the call instruction."""
    frame.pc -= CALL_BYTES


def get_register(frame: Ptr[Frame], register: u64) -> u64:
    """A register by role, or a general one."""
    if register == Register.COUNTER:
        return frame.pc
    if register == Register.STACK:
        return frame.stack
    if register == Register.THREAD_POINTER:
        return frame.thread_pointer
    if register >= Register.GENERAL:
        return frame.general[register - Register.GENERAL]
    return 0


def put_register(frame: Ptr[Frame], register: u64, value: u64) -> None:
    """Change a register."""
    if register == Register.COUNTER:
        frame.pc = value
    elif register == Register.STACK:
        frame.stack = value
    elif register == Register.THREAD_POINTER:
        frame.thread_pointer = value
    elif register >= Register.GENERAL:
        frame.general[register - Register.GENERAL] = value


def select(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """Who runs next."""
    record.frame = frame
    record.space = frame.space


def select_called(record: Ptr[CpuRecord], frame: Ptr[Frame], source: Ptr[Frame]) -> u64:
    """The same for a program that waits in a call, with the words of another's frame: they are copied."""
    for index in range(8):
        frame.words[index] = source.words[index]
    select(record, frame)
    return 0


def select_nobody(record: Ptr[CpuRecord]) -> None:
    """Nobody runs next, in no space."""
    record.frame = None
    record.space = 0


def forget_vectors(record: Ptr[CpuRecord], frame: Ptr[Frame]) -> None:
    """The frame's memory is reused."""
    if record.frame is frame:
        record.frame = None


def fault_kind(syndrome: u64) -> Fault:
    """Tests name the fault by its number."""
    match syndrome:
        case 1:
            return Fault.READ
        case 2:
            return Fault.WRITE
        case 3:
            return Fault.EXECUTE
        case _:
            return Fault.OTHER


def share_kernel(root: u64) -> None:
    """The kernel needs no translation."""


def space_register(root: u64, tag: u64) -> u64:
    """Root and tag in one word."""
    return root | (tag << TAG_SHIFT)


def map_memory(physical: u64, bytes: u64) -> None:
    """All memory is reached already."""


def leaf(physical: u64, access: u64) -> u64:
    """A page's entry: its address, its access, and a bit that says it is there."""
    return physical | (access << ACCESS_SHIFT) | PRESENT


def branch(physical: u64) -> u64:
    """A lower table's entry."""
    return physical | PRESENT


def entry_present(entry: u64) -> bool:
    """Whether an entry leads anywhere."""
    return entry & PRESENT != 0


def entry_physical(entry: u64) -> u64:
    """Where an entry leads."""
    return entry & ADDRESS


def tables_written() -> None:
    """Entries are seen at once."""


def forget_page(address: u64, tag: u64) -> None:
    """One translation less."""
    processor = machine.processors[machine.cpu]
    for index in range(processor.used):
        known = processor.translations[index]
        if known.tag == tag and known.page == address >> PAGE_BITS:
            known.entry = 0


def forget_space(tag: u64) -> None:
    """No translation of a space is left."""
    processor = machine.processors[machine.cpu]
    for index in range(processor.used):
        known = processor.translations[index]
        if known.tag == tag:
            known.entry = 0


def forget_done() -> None:
    """Forgetting is done at once."""


def publish_code(address: u64, bytes: u64) -> None:
    """Counted, so that a test can see it."""
    machine.published += 1
