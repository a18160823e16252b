"""Arm Generic Interrupt Controller, version 3 (ARM IHI 0069): CPU interfaces are system registers of each CPU."""

from __future__ import annotations

from typing import Final

from kernel.arch.aarch64 import registers
from kernel.arch.aarch64.cpu import hardware_id
from kernel.chips.arm.distributor import PRIORITY, Distributor, disable, enable, line_count, set_trigger
from kernel.limits import CPUS
from metal import U32, U64, Array, Reg, array, at, mmio, struct, u8, u32, u64

UNSAFE: Final = True

FRAME_BYTES: Final = 0x2_0000
ENABLE: Final = 0x13
WRITE_PENDING: Final = 1 << 31
NOT_SLEEP: Final = 0xFFFF_FFFD
CHILDREN_ASLEEP: Final = 4
LAST: Final = 1 << 4


class Redistributor:
    """Registers of one CPU: the second half is about its own lines."""

    TYPER: Reg[u64] = at(0x0008)
    WAKER: Reg[u32] = at(0x0014)
    IGROUPR0: Reg[u32] = at(0x1_0080)
    ISENABLER0: Reg[u32] = at(0x1_0100)
    ICENABLER0: Reg[u32] = at(0x1_0180)
    IPRIORITYR: Array[Reg[u8]] = at(0x1_0400, 32)


@struct
class Gic3:
    """Where the controller stands, and how it knows the CPUs."""

    distributor: u64 = 0
    redistributors: u64 = 0
    redistributor_bytes: u64 = 0
    affinity: Array[u64] = array(CPUS)

    def line_count(self) -> u32:
        return line_count(self.distributor)

    def settle(self) -> None:
        """Waits until the distributor has taken what was written."""
        while mmio(Distributor, self.distributor).CTLR.read() & WRITE_PENDING != 0:
            pass

    def setup(self) -> None:
        """Masks every shared line, puts it in the group this kernel hears, then opens the distributor."""
        distributor = mmio(Distributor, self.distributor)
        distributor.CTLR.write(0)
        self.settle()
        for index in range(1, (distributor.TYPER.read() & 31) + 1):
            distributor.ICENABLER[index].write(0xFFFF_FFFF)
            distributor.IGROUPR[index].write(0xFFFF_FFFF)
        distributor.CTLR.write(ENABLE)
        self.settle()

    def find_redistributor(self, hardware: u64) -> u64:
        """The registers of the CPU with this number; 0 when there are none."""
        wanted = (hardware >> 32 & 0xFF) << 24 | hardware & 0xFF_FFFF
        base = self.redistributors
        for _ in range(self.redistributor_bytes // FRAME_BYTES):
            kind = mmio(Redistributor, base).TYPER.read()
            if kind >> 32 == wanted:
                return base
            if kind & LAST != 0:
                return 0
            base += FRAME_BYTES
        return 0

    def setup_cpu(self, cpu: u64, timer: u32) -> bool:
        """Wakes this CPU's registers, opens the timer's line and the lines of other CPUs."""
        hardware = hardware_id()
        base = self.find_redistributor(hardware)
        if base == 0:
            return False
        self.affinity[cpu] = hardware
        own = mmio(Redistributor, base)
        own.WAKER.write(own.WAKER.read() & NOT_SLEEP)
        while own.WAKER.read() & CHILDREN_ASLEEP != 0:
            pass
        own.ICENABLER0.write(0xFFFF_0000)
        own.IGROUPR0.write(0xFFFF_FFFF)
        own.IPRIORITYR[0].write(PRIORITY)
        own.IPRIORITYR[timer].write(PRIORITY)
        own.ISENABLER0.write(1 | 1 << timer)
        registers.enable_interrupt_interface()
        return True

    def claim(self) -> u32:
        return U32(registers.claim_interrupt())

    def finish(self, claimed: u32) -> None:
        registers.end_interrupt(U64(claimed))

    def configure(self, line: u32, edge: bool, cpu: u64) -> None:
        set_trigger(self.distributor, line, edge)
        mmio(Distributor, self.distributor).IROUTER[line].write(self.affinity[cpu])

    def mask(self, line: u32) -> None:
        """Done when the distributor says so: nothing comes from the line afterwards."""
        disable(self.distributor, line)
        self.settle()

    def unmask(self, line: u32) -> None:
        enable(self.distributor, line)

    def poke(self, cpu: u64) -> None:
        """Line 0 at another CPU: ICC_SGI1R_EL1 names it by its affinity."""
        hardware = self.affinity[cpu]
        cluster = (hardware >> 32 & 0xFF) << 48 | (hardware >> 16 & 0xFF) << 32 | (hardware >> 8 & 0xFF) << 16
        registers.send_interrupt(cluster | 1 << (hardware & 0xF))
