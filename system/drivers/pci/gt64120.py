"""Driver of the GT-64120 system controller (Galileo, data sheet 1.2) as a PCI host bridge, with a PIIX4 behind it.

Configuration space is reached through two registers: the address of what is wanted, then the data.
"""

from __future__ import annotations

from typing import Final

from abi.services.bus import Bus
from abi.start import PINS
from metal import U32, Reg, at, log, mmio, u32
from system.app import offer
from system.drivers.bus import own_bus
from system.drivers.pci.bus import SLOT_FUNCTIONS, SLOTS, PciBus, serve_for_ever
from system.drivers.pci.function import Function
from system.drivers.pci.header import IDENTITY
from system.drivers.pci.host import Host

UNSAFE: Final = True

ENABLE: Final = 1 << 31
FIRST_SLOT: Final = 18
NO_PIN: Final = PINS
PIIX4: Final = 0x7110_8086
# Of the PIIX4: to which line of the interrupt controllers each of the four pins goes, one byte each.
PIN_LINES: Final = 0x60


class Registers:
    """The two registers, section 18.17."""

    address: Reg[u32] = at(0xCF8)
    data: Reg[u32] = at(0xCFC)


def read(function: u32, register: u32) -> u32:
    mmio(Registers, own_bus().address).address.write(ENABLE | function << 8 | register)
    return mmio(Registers, own_bus().address).data.read()


def write(function: u32, register: u32, value: u32) -> None:
    mmio(Registers, own_bus().address).address.write(ENABLE | function << 8 | register)
    mmio(Registers, own_bus().address).data.write(value)


def route(slot: u32, pin: u32) -> u32:
    """The Malta board counts its four slots, 18 to 21, from the first (its manual, MD00048)."""
    return (slot - FIRST_SLOT + pin - 1) % PINS if slot >= FIRST_SLOT else NO_PIN


host: Host = Host(read, write, route)
function: Function = Function(host)
bus: PciBus = PciBus(host, function)


def main() -> None:
    """Wires the pins as the board says, finds the devices, then answers their drivers."""
    if not wire_pins():
        log("there is no south bridge that wires the pins of the bus")
    bus.find_devices()
    offer(Bus, bus, "bus")
    serve_for_ever()


def wire_pins() -> bool:
    """Tells the south bridge the lines of the four pins; whether there is one."""
    for slot in range(U32(SLOTS)):
        bridge = slot * SLOT_FUNCTIONS
        if read(bridge, IDENTITY) == PIIX4:
            lines: u32 = 0
            for pin in range(U32(PINS)):
                lines |= own_bus().pins[pin] << 8 * pin
            write(bridge, PIN_LINES, lines)
            return True
    return False
