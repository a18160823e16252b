"""The local APIC of each CPU (Intel manual, volume 3, chapter 10): its timer, and the end of every interrupt."""

from __future__ import annotations

from typing import Final

from metal import U64, Reg, at, mmio, u32, u64

UNSAFE: Final = True

ENABLED: Final = 1 << 8
MASKED: Final = 1 << 16
BY_SIXTEEN: Final = 3
LONGEST: Final = 0xFFFF_FFFF


class LocalApic:
    """Its registers, each at the beginning of 16 bytes."""

    TASK_PRIORITY: Reg[u32] = at(0x80)
    END: Reg[u32] = at(0xB0)
    SPURIOUS: Reg[u32] = at(0xF0)
    TIMER: Reg[u32] = at(0x320)
    PIN_0: Reg[u32] = at(0x350)
    PIN_1: Reg[u32] = at(0x360)
    ERRORS: Reg[u32] = at(0x370)
    INITIAL_COUNT: Reg[u32] = at(0x380)
    CURRENT_COUNT: Reg[u32] = at(0x390)
    DIVIDE: Reg[u32] = at(0x3E0)


def setup_apic(base: u64, timer: u32, spurious: u32) -> None:
    """Every priority comes through; of its own interrupts only the timer, which does not run yet."""
    apic = mmio(LocalApic, base)
    apic.TASK_PRIORITY.write(0)
    apic.PIN_0.write(MASKED)
    apic.PIN_1.write(MASKED)
    apic.ERRORS.write(MASKED)
    apic.DIVIDE.write(BY_SIXTEEN)
    apic.INITIAL_COUNT.write(0)
    apic.TIMER.write(timer)
    apic.SPURIOUS.write(ENABLED | spurious)


def start_timer(base: u64, count: u32) -> None:
    """The timer's interrupt comes once, after so many of its ticks; 0: never."""
    mmio(LocalApic, base).INITIAL_COUNT.write(count)


def timer_count(base: u64) -> u64:
    """How many ticks are left."""
    return U64(mmio(LocalApic, base).CURRENT_COUNT.read())


def finish_interrupt(base: u64) -> None:
    """The most urgent interrupt in service is dealt with."""
    mmio(LocalApic, base).END.write(0)
