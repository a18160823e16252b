"""Driver of host bridges that show configuration space through two ports (PCI Local Bus 3.0, section 3.2.2.3.2)."""

from __future__ import annotations

from typing import Final

from abi.kernel import Error
from abi.services.bus import Bus
from metal import U32, U64, panic, u32
from system.app import offer
from system.drivers.bus import own_bus
from system.drivers.pci.bus import PciBus, serve_for_ever
from system.drivers.pci.function import Function
from system.drivers.pci.host import Host, swizzle
from system.runtime.calls import port_read, port_write

# From the first port on.
ADDRESS: Final = 0
DATA: Final = 4
REGISTER_BYTES: Final = 4
ENABLE: Final = 1 << 31


def select(function: u32, register: u32) -> None:
    """Says which register is meant."""
    refused = port_write(own_bus().ports, ADDRESS, REGISTER_BYTES, U64(ENABLE | function << 8 | register))
    if refused is not None:
        panic(f"the port for addresses cannot be written: {refused}")


def read(function: u32, register: u32) -> u32:
    select(function, register)
    value = port_read(own_bus().ports, DATA, REGISTER_BYTES)
    if isinstance(value, Error):
        panic(f"the port for data cannot be read: {value}")
    return U32(value)


def write(function: u32, register: u32, value: u32) -> None:
    select(function, register)
    refused = port_write(own_bus().ports, DATA, REGISTER_BYTES, U64(value))
    if refused is not None:
        panic(f"the port for data cannot be written: {refused}")


host: Host = Host(read, write, swizzle)
function: Function = Function(host)
bus: PciBus = PciBus(host, function)


def main() -> None:
    """Finds the devices, then answers their drivers."""
    bus.find_devices()
    offer(Bus, bus, "bus")
    serve_for_ever()
