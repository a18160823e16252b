"""The chips of Arm machines: GICv2 or GICv3, the generic timer, PL011; found in the device tree."""

from __future__ import annotations

from typing import Final

from kernel.arch.aarch64 import registers
from kernel.arch.aarch64.cpu import firmware
from kernel.arch.aarch64.paging import DIRECT_MAP, map_device
from kernel.boot.device_tree import Node, Range, find_node, property_number, register_range
from kernel.chips import pl011
from kernel.chips.arm.gic2 import Gic2
from kernel.chips.arm.gic3 import Gic3
from kernel.chips.contract import NO_LINE
from metal import View, struct, u8, u32, u64

VIRTUAL_TIMER: Final = 27
POKE: Final = 0
FIRST_SHARED: Final = 32
SPECIAL: Final = 1020
LINE_BITS: Final = 0x3FF
# A deadline is compared as a signed distance, so what is never is half the range away.
FAR: Final = 0x7FFF_FFFF_FFFF_FFFF


@struct
class Found:
    """What the device tree told."""

    version: u32 = 0
    gic2: Gic2 = Gic2()
    gic3: Gic3 = Gic3()
    timer: u32 = VIRTUAL_TIMER
    console: u64 = 0
    claimed: u32 = 0


found: Found = Found()


def find(tree: View[u8]) -> bool:
    """Finds and maps them; the console is missed by nobody, the others are needed."""
    node = Node()
    part = Range()
    if find_node(tree, b"compatible", b"arm,pl011", node) and register_range(tree, node, 0, part):
        map_device(part.base, part.size)
        found.console = part.base + DIRECT_MAP
    node.at = 0
    firmware.hypervisor = not find_node(tree, b"method", b"smc", node)
    node.at = 0
    if find_node(tree, b"compatible", b"arm,armv8-timer", node):
        # Three cells each: secure, not secure, virtual; 1 and 16 + n is line n of this CPU's own.
        found.timer = (property_number(tree, node, b"interrupts", 7, VIRTUAL_TIMER - 16) & 15) + 16
    return (
        find_controller(tree, b"arm,gic-v3", 3)
        or find_controller(tree, b"arm,cortex-a15-gic", 2)
        or (find_controller(tree, b"arm,gic-400", 2))
    )


def find_controller(tree: View[u8], name: View[u8], version: u32) -> bool:
    """An interrupt controller of this kind."""
    node = Node()
    first = Range()
    second = Range()
    if not find_node(tree, b"compatible", name, node):
        return False
    if not register_range(tree, node, 0, first) or not register_range(tree, node, 1, second):
        return False
    if not map_device(first.base, first.size) or not map_device(second.base, second.size):
        return False
    found.version = version
    found.gic2.distributor = first.base + DIRECT_MAP
    found.gic3.distributor = first.base + DIRECT_MAP
    found.gic2.interface = second.base + DIRECT_MAP
    found.gic3.redistributors = second.base + DIRECT_MAP
    found.gic3.redistributor_bytes = second.size
    return True


def setup_cpu(cpu: u64) -> None:
    """Prepares this CPU's interface and its timer, which is on and far away; CPU 0 also what all share."""
    if cpu == 0:
        if found.version == 3:
            found.gic3.setup()
        else:
            found.gic2.setup()
    if found.version == 3:
        assert found.gic3.setup_cpu(cpu, found.timer)
    else:
        found.gic2.setup_cpu(cpu, found.timer)
    registers.write_timer_deadline(FAR)
    registers.write_timer_control(1)


def console_write(byte: u8) -> None:
    """Writes one byte, where there is a console."""
    if found.console != 0:
        pl011.write(found.console, byte)


def clock_rate() -> u64:
    return registers.read_counter_rate()


def clock_now() -> u64:
    return registers.read_counter()


def set_deadline(at: u64) -> None:
    """CNTV_CVAL_EL0; the interrupt goes away with the deadline that caused it."""
    registers.write_timer_deadline(at if at < FAR else FAR)


def lines() -> u32:
    return found.gic3.line_count() if found.version == 3 else found.gic2.line_count()


def claim() -> u32:
    claimed = found.gic3.claim() if found.version == 3 else found.gic2.claim()
    # GICv2 says which CPU poked, and wants to hear it again. One CPU at a time is in the kernel, so one place will do.
    found.claimed = claimed
    line = claimed & LINE_BITS
    return NO_LINE if line >= SPECIAL else line


def finish(line: u32) -> None:
    if found.version == 3:
        found.gic3.finish(line)
    else:
        found.gic2.finish(found.claimed if line == POKE else line)


def is_device(line: u32) -> bool:
    return line >= FIRST_SHARED and line < lines()


def is_timer(line: u32) -> bool:
    return line == found.timer


def is_poke(line: u32) -> bool:
    return line == POKE


def configure(line: u32, edge: bool, cpu: u64) -> None:
    if found.version == 3:
        found.gic3.configure(line, edge, cpu)
    else:
        found.gic2.configure(line, edge, cpu)


def mask(line: u32) -> None:
    if found.version == 3:
        found.gic3.mask(line)
    else:
        found.gic2.mask(line)


def unmask(line: u32) -> None:
    if found.version == 3:
        found.gic3.unmask(line)
    else:
        found.gic2.unmask(line)


def send(cpu: u64) -> None:
    """Another CPU sees the stores made before it is interrupted: DSB before the message (IHI 0048, IHI 0069)."""
    registers.finish_stores()
    if found.version == 3:
        found.gic3.poke(cpu)
    else:
        found.gic2.poke(cpu)
