"""Arm Generic Interrupt Controller, version 2 (ARM IHI 0048): a distributor, and an interface for each CPU."""

from __future__ import annotations

from typing import Final

from kernel.chips.arm.distributor import PRIORITY, Distributor, disable, enable, line_count, set_trigger
from kernel.limits import CPUS
from metal import U32, Array, Reg, array, at, mmio, struct, u8, u32, u64

UNSAFE: Final = True

FIRST_SHARED: Final = 32


class Interface:
    """Registers of the CPU that reads them."""

    CTLR: Reg[u32] = at(0x00)
    PMR: Reg[u32] = at(0x04)
    IAR: Reg[u32] = at(0x0C)
    EOIR: Reg[u32] = at(0x10)


@struct
class Gic2:
    """Where the controller stands, and which CPU interface is whose."""

    distributor: u64 = 0
    interface: u64 = 0
    targets: Array[u8] = array(CPUS)

    def line_count(self) -> u32:
        return line_count(self.distributor)

    def setup(self) -> None:
        """Masks every shared line, then opens the distributor."""
        distributor = mmio(Distributor, self.distributor)
        for index in range(1, (distributor.TYPER.read() & 31) + 1):
            distributor.ICENABLER[index].write(0xFFFF_FFFF)
        distributor.CTLR.write(1)

    def setup_cpu(self, cpu: u64, timer: u32) -> None:
        """Opens this CPU's interface for every priority, the timer's line and the lines of other CPUs."""
        distributor = mmio(Distributor, self.distributor)
        self.targets[cpu] = distributor.ITARGETSR[0].read()
        distributor.ICENABLER[0].write(0xFFFF_0000)
        distributor.IPRIORITYR[0].write(PRIORITY)
        distributor.IPRIORITYR[timer].write(PRIORITY)
        distributor.ISENABLER[0].write(1 | 1 << timer)
        interface = mmio(Interface, self.interface)
        interface.PMR.write(0xFF)
        interface.CTLR.write(1)

    def claim(self) -> u32:
        return mmio(Interface, self.interface).IAR.read()

    def finish(self, claimed: u32) -> None:
        mmio(Interface, self.interface).EOIR.write(claimed)

    def configure(self, line: u32, edge: bool, cpu: u64) -> None:
        set_trigger(self.distributor, line, edge)
        mmio(Distributor, self.distributor).ITARGETSR[line].write(self.targets[cpu])

    def mask(self, line: u32) -> None:
        disable(self.distributor, line)

    def unmask(self, line: u32) -> None:
        enable(self.distributor, line)

    def poke(self, cpu: u64) -> None:
        """Line 0 at another CPU; the caller has made its stores visible."""
        mmio(Distributor, self.distributor).SGIR.write(U32(self.targets[cpu]) << 16)
