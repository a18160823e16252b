"""A device's registers of one byte each, wherever they are: in memory, or ports that the kernel reads."""

from __future__ import annotations

from typing import Final

from abi.kernel import Error
from metal import U8, U64, Array, Reg, at, mmio, panic, struct, u8, u64
from system.runtime.calls import port_read, port_write

UNSAFE: Final = True

MOST: Final = 4096


class Bytes:
    """Registers in memory."""

    at_offset: Array[Reg[u8]] = at(0, MOST)


@struct
class ByteRegisters:
    """The registers of one device, by their number."""

    address: u64 = 0
    # A handle; 0: they are in memory.
    ports: u64 = 0
    # Bytes, or ports, from one to the next.
    spacing: u64 = 1

    def read(self, number: u64) -> u8:
        """Reads one."""
        offset = number * self.spacing
        if self.ports == 0:
            return mmio(Bytes, self.address).at_offset[offset].read()
        value = port_read(self.ports, offset, 1)
        if isinstance(value, Error):
            panic(f"port {offset} cannot be read: {value}")
        return U8(value)

    def write(self, number: u64, value: u8) -> None:
        """Writes one."""
        offset = number * self.spacing
        if self.ports == 0:
            mmio(Bytes, self.address).at_offset[offset].write(value)
            return
        refused = port_write(self.ports, offset, 1, U64(value))
        if refused is not None:
            panic(f"port {offset} cannot be written: {refused}")
