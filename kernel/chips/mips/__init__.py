"""The chips of the Malta board: the processor's own counter and lines, i8259 behind one of them, i8254, NS16550.

Lines below 16 are those of the i8259; from 16 on they are the processor's eight. The board has no device tree; where
its chips are is a matter of its construction ("MIPS Malta User's Manual", MD00048).
"""

from __future__ import annotations

from typing import Final

from kernel.arch.mips64 import registers
from kernel.arch.mips64.cpu import HEARD
from kernel.arch.mips64.paging import DEVICE_MAP
from kernel.chips import i8254, i8259, ns16550
from kernel.chips.contract import NO_DEADLINE, NO_LINE
from kernel.chips.i8259 import I8259
from metal import U32, U64, Ptr, Reg, View, at, mmio, struct, u8, u32, u64

UNSAFE: Final = True

PORTS: Final = 0x1800_0000
"""Where the ports of PCI and ISA are in memory."""
CONSOLE: Final = 0x1F00_0900
CONSOLE_SPACING: Final = 8
MEASURED: Final = 360
"""Ticks of the i8254, 0.3 milliseconds: they tell the speed of Count to a few in a thousand."""
TRIES: Final = 8
"""Looks at both counters; the quickest counts, because an emulator may be interrupted between the two."""

# Lines of the processor, as bits of Cause and Status and as our numbers.
FIRST_OWN: Final = 16
OWN: Final = 8
CONTROLLER: Final = 2
TIMER: Final = 7
PENDING_SHIFT: Final = 8

# The farthest deadline that Count, of 32 bits, can be set to; nearer than the margin it may be over before it is set.
FARTHEST: Final = 1 << 31
MARGIN: Final = 64

# The south bridge's function for power management: its ports have an address, and are open.
CONFIG_ADDRESS: Final = 0x1BE0_0CF8
POWER_FUNCTION: Final = 0x8000_5300
POWER_BASE: Final = 0x40
POWER_PORTS: Final = 0x1001
POWER_OPEN: Final = 0x80


class Configuration:
    """The host bridge's way to the configuration of PCI devices."""

    ADDRESS: Reg[u32] = at(0)
    DATA: Reg[u32] = at(4)


@struct
class Look:
    """What two counters say at one time."""

    count: u64 = 0
    ticks: u64 = 0


@struct
class Clock:
    """Count has 32 bits; the rest is counted here. Read more often than it takes Count to come round, 25 seconds."""

    high: u64 = 0
    last: u64 = 0
    rate: u64 = 0

    def now(self) -> u64:
        """Ticks since the boot."""
        count = registers.read_count()
        if count < self.last:
            self.high += 1 << 32
        self.last = count
        return self.high | count

    def measure(self, ports: u64) -> None:
        """How fast Count is, which depends on the processor: from one look at it and at the i8254 to another."""
        first = Look()
        last = Look()
        i8254.start(ports)
        self.look(ports, 0, first)
        self.look(ports, first.ticks + MEASURED, last)
        self.rate = (last.count - first.count) * i8254.RATE // (last.ticks - first.ticks)

    def look(self, ports: u64, least: u64, found: Ptr[Look]) -> None:
        """Once the i8254 has come so far: what both counters say at the same time, as nearly as can be."""
        shortest: u64 = 1 << 32
        for _ in range(TRIES):
            i8254.wait_for(ports, least)
            before = self.now()
            ticks = i8254.read(ports)
            took = self.now() - before
            if took < shortest:
                shortest = took
                found.count = before + took // 2
                found.ticks = ticks


clock: Clock = Clock()
controller: I8259 = I8259()


def find(tree: View[u8]) -> bool:
    """They are where the board has them."""
    controller.ports = PORTS + DEVICE_MAP
    clock.measure(PORTS + DEVICE_MAP)
    configure_bridge(POWER_BASE, POWER_PORTS)
    configure_bridge(POWER_OPEN, 1)
    return True


def configure_bridge(register: u32, value: u32) -> None:
    """Writes to the configuration of the function for power management."""
    configuration = mmio(Configuration, CONFIG_ADDRESS + DEVICE_MAP)
    configuration.ADDRESS.write(POWER_FUNCTION | register)
    configuration.DATA.write(value)


def setup_cpu(cpu: u64) -> None:
    """The timer, far away, and the controller's line are heard."""
    controller.setup()
    set_deadline(NO_DEADLINE)
    hear(CONTROLLER)
    hear(TIMER)


def hear(own: u32) -> None:
    """One of the processor's lines is let through."""
    registers.write_status(registers.read_status() | U64(1) << U64(PENDING_SHIFT + own))


def console_write(byte: u8) -> None:
    ns16550.write(CONSOLE + DEVICE_MAP, byte, CONSOLE_SPACING)


def clock_rate() -> u64:
    return clock.rate


def clock_now() -> u64:
    return clock.now()


def set_deadline(at: u64) -> None:
    """Compare, which is met by equality: not nearer than it takes to write, and near enough to read Count often."""
    now = clock.now()
    distance = min(at - now if at > now else 0, FARTHEST)
    margin: u64 = MARGIN
    while True:
        distance = max(distance, margin)
        registers.write_compare((now + distance) & 0xFFFF_FFFF)
        after = clock.now()
        if after - now < distance:
            return
        # Count passed it while it was being written, and may have done so before: the same again, with more room.
        now = after
        distance = 0
        margin *= 2


def lines() -> u32:
    return FIRST_OWN + OWN


def claim() -> u32:
    """The timer first, then the processor's other lines, then the controller's."""
    pending = (registers.read_cause() & registers.read_status() & HEARD) >> PENDING_SHIFT
    if pending & (1 << TIMER) != 0:
        return FIRST_OWN + TIMER
    for own in range(U32(CONTROLLER + 1), U32(TIMER)):
        if pending & (U64(1) << U64(own)) != 0:
            return FIRST_OWN + own
    if pending & (1 << CONTROLLER) != 0:
        return controller.claim(NO_LINE)
    return NO_LINE


def finish(line: u32) -> None:
    """The processor's own lines need nothing: a device's is masked meanwhile, the timer's ends with a new deadline."""
    if line < i8259.LINES:
        controller.finish(line)


def is_device(line: u32) -> bool:
    """Not the line between the controllers, not theirs to the processor, not its timer, not its software's two."""
    if line < i8259.LINES:
        return line != i8259.CASCADE
    return FIRST_OWN + CONTROLLER < line < FIRST_OWN + TIMER


def is_timer(line: u32) -> bool:
    return line == FIRST_OWN + TIMER


def is_poke(line: u32) -> bool:
    """There is no other CPU."""
    return False


def configure(line: u32, edge: bool, cpu: u64) -> None:
    """The processor's own lines are levels."""
    if line < i8259.LINES:
        controller.configure(line, edge)


def mask(line: u32) -> None:
    if line < i8259.LINES:
        controller.mask(line)
    else:
        own = U64(PENDING_SHIFT + line - FIRST_OWN)
        registers.write_status(registers.read_status() & ~(U64(1) << own))


def unmask(line: u32) -> None:
    if line < i8259.LINES:
        controller.unmask(line)
    else:
        hear(line - FIRST_OWN)


def send(cpu: u64) -> None:
    """There is no other CPU."""
