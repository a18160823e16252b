"""The chips of x86 machines: local and I/O APIC, the time-stamp counter, the first serial port.

The APICs are found in the device tree that is composed of what firmware says; the others stand where every PC has them.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import registers
from kernel.arch.x86_64.cpu import command, hardware_id, this_cpu
from kernel.arch.x86_64.frame import CpuRecord
from kernel.arch.x86_64.paging import DIRECT_MAP, map_device
from kernel.boot.device_tree import Node, Range, find_node, property_number, register_range
from kernel.chips import ns16550
from kernel.chips.contract import NO_DEADLINE, NO_LINE
from kernel.chips.x86.clock import Rates, measure
from kernel.chips.x86.firmware import describe_machine as describe_machine
from kernel.chips.x86.io_apic import IoApic
from kernel.chips.x86.local_apic import LONGEST, finish_interrupt, setup_apic, start_timer
from kernel.limits import CPUS
from metal import U32, U64, Array, Ptr, View, array, ptr_at, struct, u8, u32, u64

UNSAFE: Final = True

# Vectors; those of devices follow, one a line. A CPU's priorities are sixteen vectors wide.
POKE_VECTOR: Final = 0x20
TIMER_VECTOR: Final = 0x21
SPURIOUS_VECTOR: Final = 0x2F
FIRST_LINE_VECTOR: Final = 0x30
MOST_LINES: Final = 48

# Lines of each CPU's own, above those of devices.
POKE: Final = 2000
TIMER: Final = 2001

# A line of the old bus is active high; those above are PCI's, active low.
FIRST_LOW_LINE: Final = 16

FIRST_SERIAL_PORT: Final = 0x3F8
OLD_CONTROLLER_MASKS: Final = 0x21
OTHER_OLD_CONTROLLER_MASKS: Final = 0xA1

# Deadlines further away come in steps, so that a product of ticks stays inside 64 bits.
LONGEST_STEP: Final = 0xFFFF_FFFF


@struct
class Found:
    """What the device tree told, and what was measured."""

    local: u64 = 0
    controllers: Array[IoApic] = array(4)
    controller_count: u64 = 0
    rates: Rates = Rates()
    # Ticks of the local timer for 2**32 of the clock.
    ratio: u64 = 0
    # The number by which the hardware knows each CPU.
    numbers: Array[u64] = array(CPUS)


found: Found = Found()


def find(tree: View[u8]) -> bool:
    """Finds and maps them: both kinds of APIC are needed."""
    node = Node()
    part = Range()
    while found.controller_count < U64(len(found.controllers)):
        if not find_node(tree, b"compatible", b"intel,ce4100-ioapic", node):
            break
        if not register_range(tree, node, 0, part):
            return False
        map_device(part.base, part.size)
        controller = found.controllers[found.controller_count]
        controller.base = part.base + DIRECT_MAP
        controller.first = property_number(tree, node, b"first-line", 0, 0)
        controller.setup()
        found.controller_count += 1
    node.at = 0
    if not find_node(tree, b"compatible", b"intel,ce4100-lapic", node) or not register_range(tree, node, 0, part):
        return False
    map_device(part.base, part.size)
    found.local = part.base + DIRECT_MAP
    return found.controller_count > 0


def setup_cpu(cpu: u64) -> None:
    """Prepares this CPU's APIC and its timer; CPU 0 also silences the older controllers and measures the clocks."""
    found.numbers[cpu] = hardware_id()
    ptr_at(CpuRecord, this_cpu()).controller = found.local
    setup_apic(found.local, TIMER_VECTOR, SPURIOUS_VECTOR)
    if cpu == 0:
        registers.write_port(OLD_CONTROLLER_MASKS, 1, 0xFF)
        registers.write_port(OTHER_OLD_CONTROLLER_MASKS, 1, 0xFF)
        start_timer(found.local, U32(LONGEST))
        measure(found.local, found.rates)
        found.ratio = (found.rates.timer << 32) // found.rates.counter
    set_deadline(NO_DEADLINE)


def console_write(byte: u8) -> None:
    """Writes one byte to the first serial port, which is asked first whether it is there."""
    ns16550.write_ports(FIRST_SERIAL_PORT, byte)


def clock_rate() -> u64:
    return found.rates.counter


def clock_now() -> u64:
    return registers.read_counter()


def set_deadline(at: u64) -> None:
    """A deadline far away is a first step towards it: the kernel sets its timer again after each interrupt."""
    if at == NO_DEADLINE:
        start_timer(found.local, 0)
        return
    now = clock_now()
    left = at - now if at > now else 0
    if left > LONGEST_STEP:
        left = LONGEST_STEP
    start_timer(found.local, U32((left * found.ratio >> 32) + 1))


def lines() -> u32:
    """The lines of the controllers lie side by side."""
    most: u32 = 0
    for index in range(found.controller_count):
        controller = found.controllers[index]
        if controller.first + controller.count > most:
            most = controller.first + controller.count
    return most if most < MOST_LINES else U32(MOST_LINES)


def claim() -> u32:
    """The interrupt that brought this CPU here; others that are pending bring it here again."""
    record = ptr_at(CpuRecord, this_cpu())
    vector = U32(record.vector)
    record.vector = 0
    if vector >= FIRST_LINE_VECTOR:
        return vector - FIRST_LINE_VECTOR
    if vector == POKE_VECTOR:
        return POKE
    return TIMER if vector == TIMER_VECTOR else NO_LINE


def finish(line: u32) -> None:
    finish_interrupt(found.local)


def is_device(line: u32) -> bool:
    return line < lines() and controller_of(line) is not None


def is_timer(line: u32) -> bool:
    return line == TIMER


def is_poke(line: u32) -> bool:
    return line == POKE


def controller_of(line: u32) -> Ptr[IoApic] | None:
    """The controller whose line it is."""
    for index in range(found.controller_count):
        if found.controllers[index].has(line):
            return found.controllers[index]
    return None


def configure(line: u32, edge: bool, cpu: u64) -> None:
    controller = controller_of(line)
    if controller is not None:
        vector = FIRST_LINE_VECTOR + line
        controller.configure(line, vector, edge, line >= FIRST_LOW_LINE, U32(found.numbers[cpu]))


def mask(line: u32) -> None:
    controller = controller_of(line)
    if controller is not None:
        controller.mask(line)


def unmask(line: u32) -> None:
    controller = controller_of(line)
    if controller is not None:
        controller.unmask(line)


def send(cpu: u64) -> None:
    """Another CPU sees the stores made before it is interrupted: they stay in order, and so does this one."""
    command(found.numbers[cpu], POKE_VECTOR)
