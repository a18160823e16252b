"""What versions 2 and 3 of Arm's interrupt controller share: the distributor's registers, and how one line is set."""

from __future__ import annotations

from typing import Final

from metal import U32, Array, Reg, at, mmio, u8, u32, u64

UNSAFE: Final = True

PRIORITY: Final = 0x80


class Distributor:
    """Registers that all CPUs share (ARM IHI 0048, 4.1.2; ARM IHI 0069, 12.8)."""

    CTLR: Reg[u32] = at(0x0000)
    TYPER: Reg[u32] = at(0x0004)
    IGROUPR: Array[Reg[u32]] = at(0x0080, 32)
    ISENABLER: Array[Reg[u32]] = at(0x0100, 32)
    ICENABLER: Array[Reg[u32]] = at(0x0180, 32)
    IPRIORITYR: Array[Reg[u8]] = at(0x0400, 1024)
    ITARGETSR: Array[Reg[u8]] = at(0x0800, 1024)  # version 2; the first of each array belong to the CPU that reads them
    ICFGR: Array[Reg[u32]] = at(0x0C00, 64)
    SGIR: Reg[u32] = at(0x0F00)  # version 2
    IROUTER: Array[Reg[u64]] = at(0x6000, 1024)  # version 3


def line_count(base: u64) -> u32:
    """How many lines the controller has, those of each CPU included."""
    return ((mmio(Distributor, base).TYPER.read() & 31) + 1) * 32


def set_trigger(base: u64, line: u32, edge: bool) -> None:
    """Says whether a line interrupts by its edge or its level, and gives it the one priority that is used."""
    distributor = mmio(Distributor, base)
    shift = line % 16 * 2
    others = distributor.ICFGR[line // 16].read() & ~(U32(3) << shift)
    distributor.ICFGR[line // 16].write(others | (2 << shift if edge else 0))
    distributor.IPRIORITYR[line].write(PRIORITY)


def disable(base: u64, line: u32) -> None:
    """Nothing more comes from a line, once the distributor has taken the write."""
    mmio(Distributor, base).ICENABLER[line // 32].write(1 << line % 32)


def enable(base: u64, line: u32) -> None:
    """A line may interrupt."""
    mmio(Distributor, base).ISENABLER[line // 32].write(1 << line % 32)
