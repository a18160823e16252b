"""What firmware says about the machine, as the device tree that the kernel reads: memory, CPUs, interrupt controllers.

Memory is in the boot loader's start information (PVH: "struct hvm_start_info"), the rest in the Multiple APIC
Description Table (ACPI 6.5, 5.2.12), which is found through the root tables (5.2.5 to 5.2.8).
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.paging import DATA, DIRECT_MAP, map_around
from kernel.boot.tree_writer import TreeWriter
from metal import U32, U64, Array, View, addr_of, align, array, export, raw, struct, u8, u64

UNSAFE: Final = True

# Start information; an entry of its memory map.
MAGIC: Final = 0x336E_C578
START_BYTES: Final = 56
ROOT_POINTER: Final = 32
MEMORY_MAP: Final = 40
MEMORY_ENTRIES: Final = 48
MEMORY_ENTRY_BYTES: Final = 24
USABLE: Final = 1

# Root pointer; header of a table; the table of interrupt controllers and its entries.
REVISION: Final = 15
SHORT_ROOT: Final = 16
LONG_ROOT: Final = 24
ROOT_POINTER_BYTES: Final = 36
TABLE_LENGTH: Final = 4
TABLE_HEADER_BYTES: Final = 36
CONTROLLERS: Final = 0x4349_5041  # reads "APIC"
FIRST_CONTROLLER: Final = 44
CONTROLLER_BYTES: Final = 0x1000
LOCAL_APIC: Final = 0
IO_APIC: Final = 1
ENABLED: Final = 1


@align(4096)
@struct
class Pages:
    """The tree, on pages that hold nothing else, as programs may be shown them."""

    bytes: Array[u8] = array(8192)


pages: Pages = Pages()


def number(physical: u64, size: u64) -> u64:
    """A number of so many bytes, lowest first, wherever it stands."""
    value: u64 = 0
    for index in range(size):
        value |= U64(raw(u8, physical + DIRECT_MAP)[index]) << (8 * index)
    return value


@export
def describe_machine(start: u64) -> u64:
    """Composes the tree; its physical address, or 0 when the boot loader spoke another language or said too much."""
    map_around(start, START_BYTES, DATA)
    if number(start, 4) != MAGIC:
        return 0
    writer = TreeWriter()
    writer.begin(pages.bytes)
    put_memory(writer, number(start + MEMORY_MAP, 8), number(start + MEMORY_ENTRIES, 4))
    table = find_table(number(start + ROOT_POINTER, 8), CONTROLLERS)
    if table != 0:
        put_controllers(writer, table)
    return addr_of(pages) - DIRECT_MAP if writer.finish(pages.bytes) != 0 else 0


def put_memory(writer: TreeWriter, first: u64, count: u64) -> None:
    """A node for each stretch of memory that nobody keeps."""
    map_around(first, count * MEMORY_ENTRY_BYTES, DATA)
    for index in range(count):
        entry = first + index * MEMORY_ENTRY_BYTES
        if number(entry + 16, 4) == USABLE:
            writer.put_memory(pages.bytes, number(entry, 8), number(entry + 8, 8))


def find_table(pointer: u64, signature: u64) -> u64:
    """The table with this signature among those that the root table lists, mapped; 0 when there is none."""
    if pointer == 0:
        return 0
    map_around(pointer, ROOT_POINTER_BYTES, DATA)
    wide = number(pointer + REVISION, 1) >= 2 and number(pointer + LONG_ROOT, 8) != 0
    root = number(pointer + LONG_ROOT, 8) if wide else number(pointer + SHORT_ROOT, 4)
    size: u64 = 8 if wide else 4
    for index in range((map_table(root) - TABLE_HEADER_BYTES) // size):
        table = number(root + TABLE_HEADER_BYTES + index * size, size)
        if map_table(table) > 0 and number(table, 4) == signature:
            return table
    return 0


def map_table(table: u64) -> u64:
    """Maps a table; its bytes, header included."""
    map_around(table, TABLE_HEADER_BYTES, DATA)
    size = number(table + TABLE_LENGTH, 4)
    map_around(table, size, DATA)
    return size


def put_controllers(writer: TreeWriter, table: u64) -> None:
    """The CPUs that can run, and the chips that interrupt them."""
    blob = pages.bytes
    put_chip(writer, b"intel,ce4100-lapic", number(table + TABLE_HEADER_BYTES, 4), 0)
    end = table + number(table + TABLE_LENGTH, 4)
    entry = table + FIRST_CONTROLLER
    while entry + 2 <= end and number(entry + 1, 1) >= 2:
        if number(entry, 1) == IO_APIC:
            put_chip(writer, b"intel,ce4100-ioapic", number(entry + 4, 4), number(entry + 8, 4))
        entry += number(entry + 1, 1)
    writer.begin_cpus(blob)
    entry = table + FIRST_CONTROLLER
    while entry + 2 <= end and number(entry + 1, 1) >= 2:
        if number(entry, 1) == LOCAL_APIC and number(entry + 4, 4) & ENABLED != 0:
            writer.put_cpu(blob, number(entry + 3, 1))
        entry += number(entry + 1, 1)
    writer.end_node(blob)


def put_chip(writer: TreeWriter, kind: View[u8], base: u64, first_line: u64) -> None:
    """A node for an interrupt controller, with the number of its first line."""
    blob = pages.bytes
    writer.begin_node(blob, b"interrupt-controller")
    writer.put_text(blob, b"compatible", kind)
    writer.put_range(blob, b"reg", base, CONTROLLER_BYTES)
    writer.put_number(blob, b"first-line", U32(first_line))
    writer.end_node(blob)
