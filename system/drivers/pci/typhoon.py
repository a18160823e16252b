"""Driver of the 21272 chip set ("Typhoon") as a PCI host bridge: each pin of each slot has a line of its own."""

from __future__ import annotations

from typing import Final

from abi.services.bus import Bus
from metal import u32
from system.app import offer
from system.drivers.pci.bus import PciBus, serve_for_ever
from system.drivers.pci.function import Function
from system.drivers.pci.host import Host
from system.drivers.pci.shown_space import read, write

PINS: Final = 4


def route(slot: u32, pin: u32) -> u32:
    """The four pins of slot 0, then those of slot 1, and so on."""
    return slot * PINS + pin - 1


host: Host = Host(read, write, route)
function: Function = Function(host)
bus: PciBus = PciBus(host, function)


def main() -> None:
    """Finds the devices, then answers their drivers."""
    bus.find_devices()
    offer(Bus, bus, "bus")
    serve_for_ever()
