"""One function of a PCI device: the memory it wants, its capabilities, its messages."""

from __future__ import annotations

from typing import Final

from metal import U32, U64, Array, Ptr, array, struct, u32, u64
from system.drivers.halves import high, low
from system.drivers.pci.header import (
    CAPABILITIES,
    COMMAND,
    HAS_CAPABILITIES,
    LONGEST_LIST,
    MASTER_ON,
    MEMORY_ON,
    RANGE_COUNT,
    RANGE_FLAGS,
    RANGE_PORTS,
    RANGE_WIDE,
    RANGE_WIDTH,
    RANGES,
    first_capability,
    next_capability,
)  # fmt: skip
from system.drivers.pci.host import Host

ALL_ONES: Final = 0xFFFF_FFFF
WIDE_ALL_ONES: Final = 0xFFFF_FFFF_FFFF_FFFF


@struct
class Range:
    """The memory behind one base address register; `size` 0: there is none, or ports."""

    size: u64 = 0
    address: u64 = 0  # as the bus counts
    wide: bool = False


@struct
class Function:
    """A function that is being looked at."""

    host: Ptr[Host]
    number: u32 = 0
    command: u32 = 0
    ranges: Array[Range] = array(RANGE_COUNT)

    def read(self, register: u32) -> u32:
        return self.host.read(self.number, register)

    def write(self, register: u32, value: u32) -> None:
        self.host.write(self.number, register, value)

    def measure(self, number: u32) -> None:
        """Stops a function from mastering the bus, and finds how much memory it wants and where it has it.

        A base address register that is written with ones answers with ones but for the bits below its size (section
        6.2.5.1); meanwhile the function must not decode addresses.
        """
        self.number = number
        self.command = self.read(COMMAND) & 0xFFFF & ~MASTER_ON
        self.write(COMMAND, self.command & ~MEMORY_ON)
        index: u32 = 0
        while index < RANGE_COUNT:
            one = self.ranges[index]
            one.size = 0
            first = self.read(RANGES + 4 * index)
            one.wide = first & (RANGE_PORTS | RANGE_WIDTH) == RANGE_WIDE and index + 1 < RANGE_COUNT
            if first & RANGE_PORTS == 0:
                self.measure_memory(index, first)
            index += 2 if one.wide else 1
            if one.wide:
                self.ranges[index - 1].size = 0
        self.write(COMMAND, self.command)

    def measure_memory(self, index: u32, first: u32) -> None:
        """The size and the address of one range."""
        one = self.ranges[index]
        register = RANGES + 4 * index
        self.write(register, ALL_ONES)
        mask = U64(self.read(register) & ~U32(RANGE_FLAGS))
        self.write(register, first)
        one.address = U64(first & ~U32(RANGE_FLAGS))
        if one.wide:
            second = self.read(register + 4)
            self.write(register + 4, ALL_ONES)
            mask |= U64(self.read(register + 4)) << 32
            self.write(register + 4, second)
            one.address |= U64(second) << 32
        elif mask != 0:
            mask |= U64(ALL_ONES) << 32
        if mask != 0:
            one.size = (WIDE_ALL_ONES ^ mask) + 1

    def place(self, index: u32, address: u64) -> None:
        """Gives a range its address; the function must not decode addresses meanwhile."""
        one = self.ranges[index]
        one.address = address
        self.write(RANGES + 4 * index, low(address))
        if one.wide:
            self.write(RANGES + 4 * index + 4, high(address))

    def find_capability(self, wanted: u32) -> u32:
        """Where a capability begins, 0 when the function has none of this kind."""
        place = first_capability(self.read(CAPABILITIES)) if self.read(COMMAND) & HAS_CAPABILITIES != 0 else U32(0)
        steps: u64 = 0
        while place != 0 and steps < LONGEST_LIST:
            steps += 1
            head = self.read(place)
            if head & 0xFF == wanted:
                return place
            place = next_capability(head)
        return 0
