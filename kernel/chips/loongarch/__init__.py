"""The chips of LoongArch machines: EXTIOI behind PCH-PIC, the CPU's timer and IPI, NS16550; found in the tree."""

from __future__ import annotations

from typing import Final

from kernel.arch.loongarch64 import registers
from kernel.arch.loongarch64.cpu import VECTOR_SPACING, hardware_id, set_panic
from kernel.arch.loongarch64.paging import device_address
from kernel.boot.device_tree import Node, Range, find_node, register_range
from kernel.chips import ns16550
from kernel.chips.contract import NO_DEADLINE, NO_LINE
from kernel.chips.loongarch.extioi import VECTORS, route, take
from kernel.chips.loongarch.extioi import setup as setup_vectors
from kernel.chips.loongarch.pch_pic import LINES, PchPic
from kernel.chips.pvpanic import Panic
from kernel.chips.pvpanic import find as find_panic
from kernel.limits import CPUS
from metal import Array, View, array, struct, u8, u32, u64

# Interrupts of a CPU that are no vectors (volume 1, 6.1.2), numbered above these.
POKE: Final = 2012
TIMER: Final = 2011
PENDING_POKE: Final = 1 << 12
PENDING_TIMER: Final = 1 << 11
PENDING_DEVICE: Final = 1 << 2

# The CPU's own registers of interrupts between CPUs (IOCSR).
POKE_ENABLED: Final = 0x1004
POKE_CLEAR: Final = 0x100C
POKE_SEND: Final = 0x1040
ALL: Final = 0xFFFF_FFFF

# The timer counts multiples of four, in 48 bits.
TIMER_RUNS: Final = 1
TIMER_UNIT: Final = 4
LONGEST: Final = 1 << 40


@struct
class Found:
    """What the device tree and the CPU told."""

    pic: PchPic = PchPic()
    console: u64 = 0
    rate: u64 = 0
    # The machine's number of each CPU.
    hardware: Array[u64] = array(CPUS)


found: Found = Found()


def find(tree: View[u8]) -> bool:
    """Finds them; the console is missed by nobody, the others are needed."""
    node = Node()
    part = Range()
    if find_node(tree, b"compatible", b"ns16550a", node) and register_range(tree, node, 0, part):
        found.console = device_address(part.base)
    panic = Panic()
    find_panic(tree, device_address(0), panic)
    if panic.configuration != 0:
        set_panic(panic.configuration, panic.address)
    found.rate = registers.read_counter_rate()
    node.at = 0
    if not find_node(tree, b"compatible", b"loongarch,ls7a", node) or not register_range(tree, node, 0, part):
        return False
    found.pic.base = device_address(part.base)
    return True


def setup_cpu(cpu: u64) -> None:
    """What this CPU listens to; CPU 0 also prepares what all share."""
    found.hardware[cpu] = hardware_id()
    if cpu == 0:
        setup_vectors()
        found.pic.setup()
    set_deadline(NO_DEADLINE)
    registers.write_io(POKE_CLEAR, ALL)
    registers.write_io(POKE_ENABLED, ALL)
    registers.write_exception_configuration(VECTOR_SPACING | PENDING_POKE | PENDING_TIMER | PENDING_DEVICE)


def console_write(byte: u8) -> None:
    """Writes one byte, where there is a console."""
    if found.console != 0:
        ns16550.write(found.console, byte)


def clock_rate() -> u64:
    return found.rate


def clock_now() -> u64:
    return registers.read_counter()


def set_deadline(at: u64) -> None:
    """The timer counts down to its interrupt, which goes away with the deadline that caused it."""
    if at == NO_DEADLINE:
        registers.write_timer(0)
        return
    now = clock_now()
    left: u64 = at - now if at > now else 1
    if left > LONGEST:
        left = LONGEST
    registers.write_timer((left + TIMER_UNIT - 1) // TIMER_UNIT * TIMER_UNIT | TIMER_RUNS)


def lines() -> u32:
    return VECTORS


def claim() -> u32:
    """Other CPUs first, then the timer: both are numbers of ours, above the controller's vectors."""
    pending = registers.read_pending()
    if pending & PENDING_POKE != 0:
        return POKE
    if pending & PENDING_TIMER != 0:
        return TIMER
    if pending & PENDING_DEVICE == 0:
        return NO_LINE
    vector = take()
    return NO_LINE if vector == VECTORS else vector


def finish(line: u32) -> None:
    if line == POKE:
        registers.write_io(POKE_CLEAR, ALL)
    elif line == TIMER:
        set_deadline(NO_DEADLINE)
    elif line < LINES:
        found.pic.finish(line)


def is_device(line: u32) -> bool:
    return line < LINES


def is_timer(line: u32) -> bool:
    return line == TIMER


def is_poke(line: u32) -> bool:
    return line == POKE


def configure(line: u32, edge: bool, cpu: u64) -> None:
    found.pic.configure(line, edge)
    route(line, found.hardware[cpu])


def mask(line: u32) -> None:
    found.pic.mask(line)


def unmask(line: u32) -> None:
    found.pic.unmask(line)


def send(cpu: u64) -> None:
    """Another CPU sees the stores made before it is interrupted."""
    registers.finish_stores()
    registers.write_io(POKE_SEND, found.hardware[cpu] << 16)
