"""The chips of the emulated third-core board: the firmware's clock and alarm, two interrupt inputs, NS16550.

The board has no controller of interrupts that could mask a line: firmware tells of each rise of an input once, and what
is masked meanwhile is kept here.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.alpha import pal
from kernel.arch.alpha.cpu import pending, set_panic_device, this_cpu
from kernel.arch.alpha.frame import CpuRecord
from kernel.chips import ns16550
from kernel.chips.contract import NO_DEADLINE, NO_LINE
from kernel.chips.pvpanic import find_function
from metal import U32, U64, View, mmio_write32, ptr_at, struct, trailing_zeros, u8, u32, u64

UNSAFE: Final = True

CONSOLE: Final = pal.DEVICE_BASE + 0x8801_0000_03F8
CONFIGURATION: Final = pal.DEVICE_BASE + 0x8806_0000_0000
BUS_MEMORY: Final = pal.DEVICE_BASE + 0x8800_0000_0000

# Kinds of interrupt, as firmware tells them and the vectors note them: those of devices are lines.
LINES: Final = 32
POKE: Final = 0
TIMER: Final = 9

# 4 ms: a deadline is met at the next one.
TICK: Final = pal.CLOCK_RATE // 250

# The device that ends an emulated machine, on the first bus, and an address for it, which firmware gives to none.
SLOT_SHIFT: Final = 19
COMMAND: Final = 0x04
MEMORY_SPACE: Final = 1 << 1
FIRST_BASE: Final = 0x10
PANIC_ADDRESS: Final = 0xE000_0000


@struct
class State:
    """Which lines are not heard, and which of them rose meanwhile; whether an alarm is under way."""

    masked: u64 = 0xFFFF_FFFF
    kept: u64 = 0
    armed: bool = False


state: State = State()


def find(tree: View[u8]) -> bool:
    """They are where the board has them."""
    function = find_function(CONFIGURATION, SLOT_SHIFT)
    if function != 0:
        mmio_write32(function + FIRST_BASE, PANIC_ADDRESS)
        mmio_write32(function + COMMAND, MEMORY_SPACE)
        set_panic_device(BUS_MEMORY + PANIC_ADDRESS)
    return True


def setup_cpu(cpu: u64) -> None:
    """All lines are masked already."""


def console_write(byte: u8) -> None:
    ns16550.write(CONSOLE, byte)


def clock_rate() -> u64:
    return pal.CLOCK_RATE


def clock_now() -> u64:
    return pal.read_clock()


def set_deadline(at: u64) -> None:
    """The clock ticks while somebody waits for it; an alarm that is under way is not put off by another one."""
    if at == NO_DEADLINE or state.armed:
        return
    now = clock_now()
    state.armed = True
    pal.set_alarm(min(at - now, TICK) if at > now else 1)


def lines() -> u32:
    return LINES


def claim() -> u32:
    """What the vectors noted, once each; a masked line is kept until it is heard again."""
    record = ptr_at(CpuRecord, this_cpu())
    while pending():
        kind = trailing_zeros(record.noted)
        record.noted &= ~(U64(1) << kind)
        if kind == TIMER:
            state.armed = False
        if kind == POKE or kind == TIMER or state.masked & (U64(1) << kind) == 0:
            return U32(kind)
        state.kept |= U64(1) << kind
    return NO_LINE


def finish(line: u32) -> None:
    """Firmware ended it by telling of it."""


def is_device(line: u32) -> bool:
    return line < LINES and line != POKE and line != TIMER


def is_timer(line: u32) -> bool:
    return line == TIMER


def is_poke(line: u32) -> bool:
    return line == POKE


def configure(line: u32, edge: bool, cpu: u64) -> None:
    """Inputs speak by rising."""


def mask(line: u32) -> None:
    state.masked |= U64(1) << U64(line)


def unmask(line: u32) -> None:
    bit = U64(1) << U64(line)
    state.masked &= ~bit
    if state.kept & bit != 0:
        state.kept &= ~bit
        ptr_at(CpuRecord, this_cpu()).noted |= bit


def send(cpu: u64) -> None:
    """There is no other CPU."""
