"""The interrupt controller beside the CPUs of a BCM2836 and its successors ("Quad-A7 control", QA7, rev. 3.4).

It says at each CPU which of a few sources interrupts: the CPU's own timers and mailboxes, and all devices together,
which come to one CPU.
"""

from __future__ import annotations

from typing import Final

from metal import Array, Reg, at, mmio, struct, u32, u64

UNSAFE: Final = True

VIRTUAL_TIMER: Final = 1 << 3
MAILBOX: Final = 1 << 4
DEVICES: Final = 1 << 8


class Local:
    """Its registers, those of each CPU one after the other."""

    DEVICES_TO: Reg[u32] = at(0x0C)
    TIMER_ENABLED: Array[Reg[u32]] = at(0x40, 4)
    MAILBOX_ENABLED: Array[Reg[u32]] = at(0x50, 4)
    SOURCE: Array[Reg[u32]] = at(0x60, 4)
    MAILBOX_SET: Array[Reg[u32]] = at(0x80, 4, step=16)
    MAILBOX_CLEAR: Array[Reg[u32]] = at(0xC0, 4, step=16)


@struct
class LocalController:
    """Where it stands."""

    base: u64 = 0

    def setup_cpu(self, cpu: u64) -> None:
        """Lets the virtual timer and the first mailbox interrupt this CPU; all devices come to the first."""
        local = mmio(Local, self.base)
        local.TIMER_ENABLED[cpu].write(VIRTUAL_TIMER)
        local.MAILBOX_ENABLED[cpu].write(1)
        if cpu == 0:
            local.DEVICES_TO.write(0)

    def sources(self, cpu: u64) -> u32:
        """What interrupts this CPU."""
        return mmio(Local, self.base).SOURCE[cpu].read()

    def poke(self, cpu: u64) -> None:
        mmio(Local, self.base).MAILBOX_SET[cpu].write(1)

    def take_poke(self, cpu: u64) -> None:
        mmio(Local, self.base).MAILBOX_CLEAR[cpu].write(0xFFFF_FFFF)
