"""What the time-stamp counter and the local APIC's timer count in a second, measured against the PC's interval timer.

The interval timer (Intel 8254) has a known rate and nothing else to do. Both ends of the measurement are read several
times; the reading that took least counts, so that a pause of an emulator between two of its instructions does no harm.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import registers
from kernel.chips.x86.local_apic import timer_count
from metal import Ptr, struct, u64

INTERVAL_RATE: Final = 1_193_182
CHANNEL: Final = 0x40
CONTROL: Final = 0x43
COUNT_DOWN: Final = 0x30
LATCH: Final = 0x00
LONGEST: Final = 0xFFFF
MEASURED: Final = INTERVAL_RATE // 200
READINGS: Final = 8
REST: Final = 5000


@struct
class Moment:
    """What the three clocks showed at one time."""

    interval: u64 = 0
    counter: u64 = 0
    timer: u64 = 0


@struct
class Rates:
    """Ticks a second."""

    counter: u64 = 0
    timer: u64 = 0


def measure(apic: u64, rates: Ptr[Rates]) -> None:
    """Measures for 5 milliseconds; the APIC's timer must be counting down from its longest count."""
    registers.write_port(CONTROL, 1, COUNT_DOWN)
    registers.write_port(CHANNEL, 1, LONGEST & 0xFF)
    registers.write_port(CHANNEL, 1, LONGEST >> 8)
    start = Moment()
    end = Moment()
    read_moment(apic, start)
    while end.interval == 0 or start.interval - end.interval < MEASURED:
        for _ in range(REST):
            registers.spend()
        read_moment(apic, end)
    passed = start.interval - end.interval
    rates.counter = (end.counter - start.counter) * INTERVAL_RATE // passed
    rates.timer = (start.timer - end.timer) * INTERVAL_RATE // passed


def read_moment(apic: u64, moment: Ptr[Moment]) -> None:
    """Reads the three clocks as near to each other as they can be read."""
    least: u64 = 0xFFFF_FFFF_FFFF_FFFF
    for _ in range(READINGS):
        before = registers.read_counter()
        registers.write_port(CONTROL, 1, LATCH)
        timer = timer_count(apic)
        after = registers.read_counter()
        low = registers.read_port(CHANNEL, 1)
        interval = low | registers.read_port(CHANNEL, 1) << 8
        if after - before < least:
            least = after - before
            moment.interval = interval
            moment.counter = before + (after - before) // 2
            moment.timer = timer
