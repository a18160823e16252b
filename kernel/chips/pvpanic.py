"""PVPANIC, a PCI device by which a guest tells its emulator that it failed (QEMU's `docs/specs/pvpanic.rst`).

It is only searched at boot. Its register gets an address at the end, if nobody gave it one until then, so that whoever
manages the bus need not know.
"""

from __future__ import annotations

from typing import Final

from kernel.boot.device_tree import Node, Range, find_node, find_property, property_number, read_cells, register_range
from metal import U64, Ptr, View, mmio_read32, struct, u8, u64

UNSAFE: Final = True

DEVICE: Final = 0x0011_1B36
SLOTS: Final = 32
SLOT_SHIFT: Final = 15
REGISTER_BYTES: Final = 0x1000

# A range of addresses of the bus: three cells for it, two for the CPU's address, two for the size.
RANGE_CELLS: Final = 7
RANGE_BYTES: Final = 28
MEMORY: Final = 0x0200_0000


@struct
class Panic:
    """Where the device's configuration stands, and a free address for its register; 0 without one."""

    configuration: u64 = 0
    address: u64 = 0


def find(tree: View[u8], window: u64, panic: Ptr[Panic]) -> None:
    """Looks at every slot of the first bus; `window` is what to add to an address to reach registers."""
    node = Node()
    part = Range()
    if not find_node(tree, b"compatible", b"pci-host-ecam-generic", node) or not register_range(tree, node, 0, part):
        return
    panic.address = last_page(tree, node)
    panic.configuration = find_function(window + part.base, SLOT_SHIFT)


def find_function(configuration: u64, slot_shift: u64) -> u64:
    """Where the device's own configuration stands in that of the first bus; 0 when it has none such."""
    for slot in range(U64(SLOTS)):
        function = configuration + (slot << slot_shift)
        if mmio_read32(function) == DEVICE:
            return function
    return 0


def last_page(tree: View[u8], node: Ptr[Node]) -> u64:
    """The end of the addresses that the bus has for registers; 0 when it has none."""
    value = Range()
    if not find_property(tree, node, b"ranges", value):
        return 0
    for index in range(value.size // RANGE_BYTES):
        if property_number(tree, node, b"ranges", index * RANGE_CELLS, 0) == MEMORY:
            at = value.base + index * RANGE_BYTES
            return read_cells(tree, at + 12, 2) + read_cells(tree, at + 20, 2) - REGISTER_BYTES
    return 0
