"""The chips of the DP264: the firmware's clock and alarm, the Typhoon's interrupt mask, i8259 behind it, NS16550.

Lines below 16 are those of the i8259; 16 and more are the inputs of the Typhoon ("21272 Core Logic Chipset", 10.2), as
firmware numbers them. The board has no device tree; where its chips are is a matter of its construction.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.alpha import pal
from kernel.arch.alpha.cpu import pending, set_panic_device, this_cpu
from kernel.arch.alpha.frame import CpuRecord
from kernel.chips import i8259, ns16550
from kernel.chips.contract import NO_DEADLINE, NO_LINE
from kernel.chips.i8259 import I8259
from kernel.chips.pvpanic import find_function
from kernel.limits import CPUS
from metal import U32, U64, Array, View, array, mmio_read32, mmio_write64, ptr_at, struct, trailing_zeros, u8, u32, u64

UNSAFE: Final = True

PORTS: Final = pal.DEVICE_BASE + 0x1_FC00_0000
CONSOLE: Final = 0x3F8
CONTROLLER: Final = pal.DEVICE_BASE + 0x1_A000_0000
CONFIGURATION: Final = pal.DEVICE_BASE + 0x1_FE00_0000
BUS_MEMORY: Final = pal.DEVICE_BASE

# Kinds of interrupt, as firmware tells them and the vectors note them; our lines for those that are no device's.
POKED: Final = 0
CLOCK: Final = 1
FIRST_VECTOR: Final = 0x800
VECTOR_SHIFT: Final = 4
FIRST_INPUT: Final = 16
INPUTS: Final = 64
BRIDGE_INPUT: Final = 55
POKE: Final = 2000
TIMER: Final = 2001

# The register that lets inputs through to the first CPU.
MASK: Final = 0x200

# The device that ends an emulated machine with a failure, on the first bus.
SLOT_SHIFT: Final = 11
FIRST_BASE: Final = 0x10


@struct
class Found:
    """What is let through, and the CPUs' numbers."""

    inputs: u64 = 0
    hardware: Array[u64] = array(CPUS)


found: Found = Found()
controller: I8259 = I8259()


def find(tree: View[u8]) -> bool:
    """They are where the board has them."""
    controller.ports = PORTS
    function = find_function(CONFIGURATION, SLOT_SHIFT)
    if function != 0:
        set_panic_device(BUS_MEMORY + U64(mmio_read32(function + FIRST_BASE) & 0xFFFF_FFF0))
    return True


def setup_cpu(cpu: u64) -> None:
    """No input is let through but that of the bridge, behind which all lines are masked; the alarm is far away."""
    found.hardware[cpu] = ptr_at(CpuRecord, this_cpu()).hardware
    if cpu == 0:
        controller.setup()
        let_through(U64(1) << BRIDGE_INPUT)
    set_deadline(NO_DEADLINE)


def let_through(inputs: u64) -> None:
    """Only these inputs interrupt."""
    found.inputs = inputs
    mmio_write64(CONTROLLER + MASK, inputs)
    pal.finish_stores()


def console_write(byte: u8) -> None:
    ns16550.write(PORTS + CONSOLE, byte)


def clock_rate() -> u64:
    return pal.CLOCK_RATE


def clock_now() -> u64:
    return pal.read_clock()


def set_deadline(at: u64) -> None:
    """Firmware's alarm comes once."""
    pal.set_alarm(at)


def lines() -> u32:
    return FIRST_INPUT + INPUTS


def claim() -> u32:
    """Another CPU's first, then the timer's, then a device's, each of those noted once."""
    if not pending():
        return NO_LINE
    record = ptr_at(CpuRecord, this_cpu())
    kind = trailing_zeros(record.noted)
    record.noted &= ~(U64(1) << kind)
    if kind == POKED:
        return POKE
    if kind == CLOCK:
        return TIMER
    return U32((record.vector - FIRST_VECTOR) >> VECTOR_SHIFT)


def finish(line: u32) -> None:
    """Only the i8259 waits for the end of an interrupt."""
    if line < i8259.LINES:
        controller.finish(line)


def is_device(line: u32) -> bool:
    """Not the lines between the controllers."""
    return line < lines() and line != i8259.CASCADE and line != FIRST_INPUT + BRIDGE_INPUT


def is_timer(line: u32) -> bool:
    return line == TIMER


def is_poke(line: u32) -> bool:
    return line == POKE


def configure(line: u32, edge: bool, cpu: u64) -> None:
    """The inputs of the Typhoon are levels."""
    if line < i8259.LINES:
        controller.configure(line, edge)


def mask(line: u32) -> None:
    if line < i8259.LINES:
        controller.mask(line)
    else:
        let_through(found.inputs & ~(U64(1) << U64(line - FIRST_INPUT)))


def unmask(line: u32) -> None:
    if line < i8259.LINES:
        controller.unmask(line)
    else:
        let_through(found.inputs | U64(1) << U64(line - FIRST_INPUT))


def send(cpu: u64) -> None:
    """Another CPU sees the stores made before it is interrupted."""
    pal.finish_stores()
    pal.interrupt_cpu(found.hardware[cpu])
