"""The device tree for the kernel: the firmware's, with the memory that only another device of the machine tells of.

QEMU leaves its tree at a fixed place, without memory in it; where memory is stands in a file of its firmware
configuration device (fw_cfg; QEMU's `docs/specs/fw_cfg.rst`).
"""

from __future__ import annotations

from typing import Final

from kernel.arch.loongarch64.paging import DIRECT_MAP, MEMORY_GRAIN, device_address
from kernel.boot.device_tree import LARGEST, Node, Range, find_node, register_range, tree_bytes
from kernel.boot.tree_writer import TreeWriter
from metal import (
    U16,
    U64,
    Array,
    Ptr,
    Slice,
    View,
    addr_of,
    align,
    array,
    export,
    mmio_read8,
    mmio_write16,
    slice_at,
    struct,
    u8,
    u64,
)

UNSAFE: Final = True

FIRMWARE_TREE: Final = 0x10_0000

# Registers of the configuration device, and the key under which it lists its files.
DATA: Final = 0
SELECTOR: Final = 8
DIRECTORY: Final = 0x19
NAME_BYTES: Final = 56

MEMORY_FILE: Final = b"etc/memmap"
ENTRY_BYTES: Final = 24
USABLE: Final = 1
MOST_ENTRIES: Final = 16


@align(16384)
@struct
class Tree:
    """Whole pages of its own, as root may see them."""

    bytes: Array[u8] = array(16384)


tree: Tree = Tree()


@export
def make_tree() -> u64:
    """The physical address of the kernel's device tree; 0 when firmware left none, or none that tells of memory."""
    start: u64 = FIRMWARE_TREE + DIRECT_MAP
    source = slice_at(u8, start, tree_bytes(slice_at(u8, start, LARGEST)))
    node = Node()
    device = Range()
    if not find_node(source, b"compatible", b"qemu,fw-cfg-mmio", node) or not register_range(source, node, 0, device):
        return 0
    writer = TreeWriter()
    writer.copy(tree.bytes, source)
    put_memories(writer, tree.bytes, device_address(device.base))
    # Tables may not lie at address 0, where an entry that leads there would be none.
    writer.begin_reserved(tree.bytes)
    writer.put_reserved(tree.bytes, 0, MEMORY_GRAIN)
    writer.end_node(tree.bytes)
    return 0 if writer.finish(tree.bytes) == 0 else addr_of(tree.bytes) - DIRECT_MAP


def put_memories(writer: Ptr[TreeWriter], blob: Slice[u8], device: u64) -> None:
    """One node for each entry of the file: base and length, eight bytes each with the lowest first."""
    entries = select_file(device, MEMORY_FILE) // ENTRY_BYTES
    for _ in range(entries if entries < MOST_ENTRIES else MOST_ENTRIES):
        base = read_low_first(device)
        size = read_low_first(device)
        kind = read_low_first(device) & 0xFFFF_FFFF
        if kind == USABLE:
            writer.put_memory(blob, base, size)


def select_file(device: u64, name: View[u8]) -> u64:
    """Prepares the reading of a file, and tells how long it is; 0 when there is none of that name."""
    select(device, DIRECTORY)
    for _ in range(read_high_first(device, 4)):
        size = read_high_first(device, 4)
        key = read_high_first(device, 2)
        same = read_high_first(device, 2) == 0
        for index in range(U64(NAME_BYTES)):
            byte = read_high_first(device, 1)
            if index < len(name):
                same = same and byte == U64(name[index])
            elif index == len(name):
                same = same and byte == 0
        if same:
            select(device, key)
            return size
    return 0


def select(device: u64, key: u64) -> None:
    """Chooses what is read next; the register takes the high byte first."""
    mmio_write16(device + SELECTOR, U16((key & 0xFF) << 8 | key >> 8))


def read_high_first(device: u64, count: u64) -> u64:
    """A number of so many bytes."""
    value: u64 = 0
    for _ in range(count):
        value = (value & 0xFF_FFFF_FFFF_FFFF) << 8 | U64(mmio_read8(device + DATA))
    return value


def read_low_first(device: u64) -> u64:
    """A number of eight bytes."""
    value: u64 = 0
    for index in range(U64(8)):
        value |= U64(mmio_read8(device + DATA)) << 8 * index
    return value
