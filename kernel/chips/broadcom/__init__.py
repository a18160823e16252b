"""The chips of a Raspberry Pi 3: BCM2836's local controller over ARMCTRL, the generic timer, PL011, the watchdog."""

from __future__ import annotations

from typing import Final

from kernel.arch.aarch64 import registers
from kernel.arch.aarch64.cpu import WAITING_CPUS, firmware, hardware_id
from kernel.arch.aarch64.paging import DIRECT_MAP, map_device
from kernel.boot.device_tree import Node, Range, find_node, find_property, read_cells, register_range
from kernel.chips import pl011
from kernel.chips.broadcom.armctrl import LINES, DeviceController
from kernel.chips.broadcom.local import DEVICES, MAILBOX, VIRTUAL_TIMER, LocalController
from kernel.chips.contract import NO_LINE
from kernel.limits import CPUS
from metal import Array, View, array, struct, u8, u32, u64

# Interrupts of each CPU that are no lines of devices, above those.
TIMER: Final = 1003
POKE: Final = 1004

# A deadline is compared as a signed distance, so what is never is half the range away.
FAR: Final = 0x7FFF_FFFF_FFFF_FFFF

# A range of the bus, and where in it the cells for the bus, the CPU and the size begin.
RANGE_BYTES: Final = 12


@struct
class Found:
    """What the device tree told."""

    local: LocalController = LocalController()
    devices: DeviceController = DeviceController()
    console: u64 = 0
    # The machine's number of each CPU.
    cores: Array[u64] = array(CPUS)


found: Found = Found()


def find(tree: View[u8]) -> bool:
    """Finds and maps them, and where the other CPUs wait; console and watchdog are missed by nobody."""
    found.console = registers_of(tree, b"arm,pl011")
    firmware.watchdog = registers_of(tree, b"brcm,bcm2835-pm-wdt")
    find_waiting(tree)
    found.devices.base = registers_of(tree, b"brcm,bcm2836-armctrl-ic")
    found.local.base = registers_of(tree, b"brcm,bcm2836-l1-intc")
    return found.devices.base != 0 and found.local.base != 0


def registers_of(tree: View[u8], name: View[u8]) -> u64:
    """Where the kernel reaches the registers of a device; 0 when there is none of that name."""
    node = Node()
    part = Range()
    if not find_node(tree, b"compatible", name, node) or not register_range(tree, node, 0, part):
        return 0
    address = processor_address(tree, part.base)
    return address + DIRECT_MAP if map_device(address, part.size) else 0


def processor_address(tree: View[u8], address: u64) -> u64:
    """What an address of the devices' bus is to the CPUs: the bus says it in its ranges, of one cell each."""
    node = Node()
    ranges = Range()
    if find_node(tree, b"compatible", b"simple-bus", node) and find_property(tree, node, b"ranges", ranges):
        for index in range(ranges.size // RANGE_BYTES):
            at = ranges.base + index * RANGE_BYTES
            base = read_cells(tree, at, 1)
            if address >= base and address - base < read_cells(tree, at + 8, 1):
                return address - base + read_cells(tree, at + 4, 1)
    return address


def find_waiting(tree: View[u8]) -> None:
    """Each CPU but the first waits until an address is written where its node says."""
    node = Node()
    part = Range()
    place = Range()
    while find_node(tree, b"enable-method", b"spin-table", node):
        known = register_range(tree, node, 0, part) and part.base < WAITING_CPUS
        if known and find_property(tree, node, b"cpu-release-addr", place):
            firmware.waiting[part.base] = read_cells(tree, place.base, 2)


def setup_cpu(cpu: u64) -> None:
    """Prepares what belongs to this CPU, and its timer, which is on and far away; CPU 0 also what all share."""
    found.cores[cpu] = hardware_id()
    if cpu == 0:
        found.devices.setup()
    found.local.setup_cpu(found.cores[cpu])
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
    return LINES


def claim() -> u32:
    """Other CPUs first, then the timer: both are numbers of ours, above the lines."""
    sources = found.local.sources(hardware_id())
    if sources & MAILBOX != 0:
        return POKE
    if sources & VIRTUAL_TIMER != 0:
        return TIMER
    line = found.devices.pending() if sources & DEVICES != 0 else LINES
    return NO_LINE if line == LINES else line


def finish(line: u32) -> None:
    """A device's line is quiet while it is masked, and the timer while its deadline is ahead."""
    if line == POKE:
        found.local.take_poke(hardware_id())


def is_device(line: u32) -> bool:
    return line < LINES


def is_timer(line: u32) -> bool:
    return line == TIMER


def is_poke(line: u32) -> bool:
    return line == POKE


def configure(line: u32, edge: bool, cpu: u64) -> None:
    """How a line speaks is wired, and all of them come to the first CPU."""


def mask(line: u32) -> None:
    found.devices.mask(line)


def unmask(line: u32) -> None:
    found.devices.unmask(line)


def send(cpu: u64) -> None:
    """Another CPU sees the stores made before it is interrupted: DSB before the write."""
    registers.finish_stores()
    found.local.poke(found.cores[cpu])
