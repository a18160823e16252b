"""RISC-V Platform-Level Interrupt Controller (its specification 1.0.0): lines with priorities, a context for each CPU.

A line is masked by priority 0, which never interrupts, and not by its enable bit: the controller ignores the completion
of a line that is not enabled, and a line is masked between its claim and its completion.
"""

from __future__ import annotations

from typing import Final

from kernel.limits import CPUS
from metal import U32, U64, Array, Reg, array, at, mmio, struct, u32, u64

UNSAFE: Final = True

WORDS: Final = 32
ENABLES: Final = 0x2000
ENABLE_BYTES: Final = 0x80
CONTEXTS: Final = 0x20_0000
CONTEXT_BYTES: Final = 0x1000


class Lines:
    """Registers that all CPUs share; line 0 does not exist."""

    PRIORITY: Array[Reg[u32]] = at(0, 1024)


class Enables:
    """Which lines come to a context."""

    BITS: Array[Reg[u32]] = at(0, 32)


class Context:
    """Registers of one context."""

    THRESHOLD: Reg[u32] = at(0)
    CLAIM: Reg[u32] = at(4)


@struct
class Plic:
    """Where the controller stands, and which context is whose."""

    base: u64 = 0
    lines: u32 = 0
    contexts: Array[u32] = array(CPUS)

    def enables(self, cpu: u64) -> u64:
        return self.base + ENABLES + ENABLE_BYTES * U64(self.contexts[cpu])

    def context(self, cpu: u64) -> u64:
        return self.base + CONTEXTS + CONTEXT_BYTES * U64(self.contexts[cpu])

    def setup(self) -> None:
        """Masks every line."""
        for line in range(U32(1), self.lines):
            mmio(Lines, self.base).PRIORITY[line].write(0)

    def setup_cpu(self, cpu: u64, context: u32) -> None:
        """No line comes to this CPU yet; every priority but 0 will."""
        self.contexts[cpu] = context
        for word in range(U32(WORDS)):
            if word * 32 < self.lines:
                mmio(Enables, self.enables(cpu)).BITS[word].write(0)
        mmio(Context, self.context(cpu)).THRESHOLD.write(0)

    def configure(self, line: u32, cpu: u64) -> None:
        """The line comes to this CPU alone, once it has a priority."""
        bit = U32(1) << line % 32
        for other in range(U64(CPUS)):
            enables = mmio(Enables, self.enables(other))
            enables.BITS[line // 32].write(enables.BITS[line // 32].read() & ~bit)
        enables = mmio(Enables, self.enables(cpu))
        enables.BITS[line // 32].write(enables.BITS[line // 32].read() | bit)

    def prioritize(self, line: u32, priority: u32) -> None:
        """Priority 0 masks the line; done when it can be read back."""
        mmio(Lines, self.base).PRIORITY[line].write(priority)
        assert mmio(Lines, self.base).PRIORITY[line].read() == priority


def claim_line(context: u64) -> u32:
    """The most urgent pending line of a context, 0 when there is none."""
    return mmio(Context, context).CLAIM.read()


def finish_line(context: u64, line: u32) -> None:
    mmio(Context, context).CLAIM.write(line)
