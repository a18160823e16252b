"""The chips of RISC-V machines: PLIC, the timer of firmware or of Sstc, NS16550; found in the device tree."""

from __future__ import annotations

from typing import Final

from kernel.arch.riscv64 import registers
from kernel.arch.riscv64.cpu import hardware_id, set_finisher, this_cpu
from kernel.arch.riscv64.frame import CpuRecord
from kernel.arch.riscv64.paging import DIRECT_MAP, map_device
from kernel.boot.device_tree import Node, Range, cpu_id, find_node, find_property, property_number, register_range
from kernel.chips import ns16550
from kernel.chips.contract import NO_DEADLINE, NO_LINE
from kernel.chips.riscv.plic import Plic, claim_line, finish_line
from kernel.limits import CPUS
from metal import U64, Array, View, array, ptr_at, struct, u8, u32, u64

UNSAFE: Final = True

# Interrupts of each CPU that are no lines of the controller (Privileged Architecture, 4.1.3), above the controller's.
POKE: Final = 2001
TIMER: Final = 2005
PENDING_POKE: Final = 1 << 1
PENDING_TIMER: Final = 1 << 5
PENDING_DEVICE: Final = 1 << 9
SUPERVISOR_EXTERNAL: Final = 9

# Supervisor Binary Interface: timer and inter-processor interrupts.
FIRMWARE_TIMER: Final = 0x5449_4D45
FIRMWARE_POKE: Final = 0x73_5049


@struct
class Found:
    """What the device tree told."""

    plic: Plic = Plic()
    console: u64 = 0
    rate: u64 = 0
    # CPUs have a deadline register of their own: the extension Sstc.
    own_deadline: bool = False
    # The number by which firmware knows each CPU; for each context of the controller the same number and 1, or 0.
    harts: Array[u64] = array(CPUS)
    context_harts: Array[u64] = array(64)


found: Found = Found()


def find(tree: View[u8]) -> bool:
    """Finds and maps them; console and finisher are missed by nobody, the others are needed."""
    node = Node()
    part = Range()
    if find_node(tree, b"compatible", b"ns16550a", node) and register_range(tree, node, 0, part):
        map_device(part.base, part.size)
        found.console = part.base + DIRECT_MAP
    node.at = 0
    if find_node(tree, b"compatible", b"sifive,test0", node) and register_range(tree, node, 0, part):
        map_device(part.base, part.size)
        set_finisher(part.base + DIRECT_MAP)
    node.at = 0
    if find_node(tree, b"timebase-frequency", b"", node):
        found.rate = U64(property_number(tree, node, b"timebase-frequency", 0, 0))
    node.at = 0
    if find_node(tree, b"riscv,isa", b"", node) and find_property(tree, node, b"riscv,isa", part):
        found.own_deadline = names(tree, part, b"_sstc")
    return found.rate != 0 and find_controller(tree)


def names(tree: View[u8], part: Range, extension: View[u8]) -> bool:
    """The text names this extension of the instructions."""
    size = U64(len(extension))
    for start in range(part.size):
        same: u64 = 0
        while same < size and start + same < part.size and tree[part.base + start + same] == extension[same]:
            same += 1
        if same == size:
            return True
    return False


def find_controller(tree: View[u8]) -> bool:
    """The interrupt controller, and whose its contexts are."""
    node = Node()
    part = Range()
    if not find_node(tree, b"compatible", b"sifive,plic-1.0.0", node):
        return False
    if not register_range(tree, node, 0, part) or not map_device(part.base, part.size):
        return False
    found.plic.base = part.base + DIRECT_MAP
    found.plic.lines = property_number(tree, node, b"riscv,ndev", 0, 0) + 1
    for context in range(U64(len(found.context_harts))):
        # Two cells each: the interrupts of which CPU, and which of them.
        owner = property_number(tree, node, b"interrupts-extended", 2 * context, 0)
        if owner == 0:
            break
        if property_number(tree, node, b"interrupts-extended", 2 * context + 1, 0) == SUPERVISOR_EXTERNAL:
            found.context_harts[context] = hart_with(tree, owner)
    return True


def hart_with(tree: View[u8], owner: u32) -> u64:
    """The number, and 1, of the CPU whose interrupts are called so; 0 when there is none."""
    node = Node()
    number = Range()
    index: u64 = 0
    while find_node(tree, b"compatible", b"riscv,cpu-intc", node):
        if property_number(tree, node, b"phandle", 0, 0) == owner:
            return number.base + 1 if cpu_id(tree, index, number) else 0
        index += 1
    return 0


def setup_cpu(cpu: u64) -> None:
    """Prepares this CPU's context and its timer, which is far away; CPU 0 also what all share."""
    hart = hardware_id()
    found.harts[cpu] = hart
    if cpu == 0:
        found.plic.setup()
    context = context_of(hart)
    found.plic.setup_cpu(cpu, context)
    ptr_at(CpuRecord, this_cpu()).controller = found.plic.context(cpu)
    set_deadline(NO_DEADLINE)
    registers.enable_interrupts(PENDING_POKE | PENDING_TIMER | PENDING_DEVICE)


def context_of(hart: u64) -> u32:
    """The controller's context of a CPU."""
    context: u32 = 0
    while found.context_harts[context] != hart + 1:
        context += 1
    return context


def console_write(byte: u8) -> None:
    """Writes one byte, where there is a console."""
    if found.console != 0:
        ns16550.write(found.console, byte)


def clock_rate() -> u64:
    return found.rate


def clock_now() -> u64:
    return registers.read_counter()


def set_deadline(at: u64) -> None:
    """The interrupt goes away with the deadline that caused it."""
    if found.own_deadline:
        registers.write_timer_deadline(at)
    else:
        registers.firmware_call(FIRMWARE_TIMER, 0, at, 0, 0, 0)


def lines() -> u32:
    return found.plic.lines


def claim() -> u32:
    """Other CPUs first, then the timer: both are numbers of ours, above the controller's lines."""
    pending = registers.read_pending()
    if pending & PENDING_POKE != 0:
        return POKE
    if pending & PENDING_TIMER != 0:
        return TIMER
    if pending & PENDING_DEVICE == 0:
        return NO_LINE
    line = claim_line(ptr_at(CpuRecord, this_cpu()).controller)
    return NO_LINE if line == 0 else line


def finish(line: u32) -> None:
    if line == POKE:
        registers.clear_pending(PENDING_POKE)
    elif line != TIMER:
        finish_line(ptr_at(CpuRecord, this_cpu()).controller, line)


def is_device(line: u32) -> bool:
    return line > 0 and line < lines()


def is_timer(line: u32) -> bool:
    return line == TIMER


def is_poke(line: u32) -> bool:
    return line == POKE


def configure(line: u32, edge: bool, cpu: u64) -> None:
    """Whether a line is a level or an edge is wired."""
    found.plic.configure(line, cpu)


def mask(line: u32) -> None:
    found.plic.prioritize(line, 0)


def unmask(line: u32) -> None:
    found.plic.prioritize(line, 1)


def send(cpu: u64) -> None:
    """Another CPU sees the stores made before it is interrupted."""
    registers.finish_stores()
    registers.firmware_call(FIRMWARE_POKE, 0, 1, found.harts[cpu], 0, 0)
