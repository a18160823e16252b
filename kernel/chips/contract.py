"""What the kernel asks of the chips around its CPUs: interrupts, a clock with one deadline, a console for first words.

A set of chips is a module with these names; `kernel/chips/chosen.py` says which set a kernel is built with.
"""

from __future__ import annotations

from typing import Final, Protocol

from metal import View, u8, u32, u64

NO_LINE: Final = 0xFFFF_FFFF
NO_DEADLINE: Final = 0xFFFF_FFFF_FFFF_FFFF


class Chips(Protocol):
    """The names of a set of chips."""

    def find(self, tree: View[u8]) -> bool:
        """Finds the chips in the device tree and maps their registers; False when one that is needed is missing."""
        ...

    def setup_cpu(self, cpu: u64) -> None:
        """Prepares what belongs to the CPU that runs, which has this index; CPU 0, the first, also what all share."""
        ...

    def console_write(self, byte: u8) -> None:
        """Writes one byte, and waits until the console takes it: for the boot and for a failing kernel only."""
        ...

    def clock_rate(self) -> u64:
        """Ticks of the clock a second."""
        ...

    def clock_now(self) -> u64:
        """The ticks since some moment before the boot; the same on every CPU."""
        ...

    def set_deadline(self, at: u64) -> None:
        """The timer's interrupt comes to this CPU at this tick, at once when it is past; NO_DEADLINE: never."""
        ...

    def lines(self) -> u32:
        """Interrupt lines are numbered below this."""
        ...

    def claim(self) -> u32:
        """Takes the most urgent pending line of this CPU, or NO_LINE; it stays quiet until `finish`."""
        ...

    def finish(self, line: u32) -> None:
        """Says that a claimed line was dealt with."""
        ...

    def is_device(self, line: u32) -> bool:
        """A device may be at this line: it is not one of those that the kernel uses itself."""
        ...

    def is_timer(self, line: u32) -> bool:
        """The line of `set_deadline`."""
        ...

    def is_poke(self, line: u32) -> bool:
        """The line of `send`."""
        ...

    def configure(self, line: u32, edge: bool, cpu: u64) -> None:
        """Prepares a device's masked line: how it speaks, and which CPU listens."""
        ...

    def mask(self, line: u32) -> None:
        """The line of a device is not heard."""
        ...

    def unmask(self, line: u32) -> None:
        """The line of a device is heard; a level that is still asserted interrupts again."""
        ...

    def send(self, cpu: u64) -> None:
        """Interrupts another CPU, which then sees every store made before."""
        ...
