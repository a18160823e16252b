"""Driver of PCI host bridges that show configuration space in memory and wire their pins the usual way.

With 4096 bytes a function that is the enhanced configuration access mechanism of PCI Express (Base 3.0, section 7.2.2).
"""

from __future__ import annotations

from abi.services.bus import Bus
from system.app import offer
from system.drivers.pci.bus import PciBus, serve_for_ever
from system.drivers.pci.function import Function
from system.drivers.pci.host import Host, swizzle
from system.drivers.pci.shown_space import read, write

host: Host = Host(read, write, swizzle)
function: Function = Function(host)
bus: PciBus = PciBus(host, function)


def main() -> None:
    """Finds the devices, then answers their drivers."""
    bus.find_devices()
    offer(Bus, bus, "bus")
    serve_for_ever()
