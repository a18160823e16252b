"""A writer of flattened device trees, for machines whose firmware speaks another language: the kernel reads one format.

A family's start code composes a small tree of what it was told (memory, CPUs, what is reserved, chips) and hands it to
`kernel_main`. The format is that of the Devicetree Specification 0.4, chapter 5; the block of strings stands in front
of the structure block, because names are learned while nodes are written.
"""

from __future__ import annotations

from typing import Final

from kernel.boot.device_tree import (
    CELL_BYTES,
    END,
    END_NODE,
    HEADER_BYTES,
    LAST_COMPATIBLE,
    MAGIC,
    NODE,
    PROPERTY,
    STRINGS,
    STRUCTURE,
    STRUCTURE_SIZE,
    TOTAL_SIZE,
    VERSION,
    Walk,
    is_text,
    number_at,
)
from metal import U8, U32, U64, Slice, View, struct, u8, u32, u64

# Offsets in the header that only a writer needs.
RESERVATIONS: Final = 16
HEADER_VERSION: Final = 20
STRINGS_SIZE: Final = 32
OLDEST_READER: Final = 16

# One empty entry ends the block of reservations; the names follow it, in a block with room for those of the writer.
RESERVATIONS_BYTES: Final = 16
NAMES_START: Final = HEADER_BYTES + RESERVATIONS_BYTES
NAMES_BYTES: Final = 200
STRUCTURE_START: Final = NAMES_START + NAMES_BYTES


@struct
class TreeWriter:
    """How far a tree is written. What does not fit is left out, and `finish` says so."""

    structure: u64 = STRUCTURE_START
    next: u64 = STRUCTURE_START
    names: u64 = NAMES_START
    overflowed: bool = False

    def begin(self, blob: Slice[u8]) -> None:
        """Opens the root node, whose children write addresses and sizes as two cells each."""
        clear(blob)
        self.begin_node(blob, b"")
        self.put_number(blob, b"#address-cells", 2)
        self.put_number(blob, b"#size-cells", 2)

    def copy(self, blob: Slice[u8], source: View[u8]) -> None:
        """Opens the root node with everything that a finished tree has in its own, so that more can be put behind it.

        The block of reservations stays empty.
        """
        clear(blob)
        walk = Walk()
        depth: u64 = 0
        if not walk.start(source):
            self.overflowed = True
            return
        self.structure += U64(number_at(source, STRINGS_SIZE)) // CELL_BYTES * CELL_BYTES + CELL_BYTES
        self.next = self.structure
        while walk.step(source):
            if walk.token == NODE:
                while depth >= walk.depth:
                    self.end_node(blob)
                    depth -= 1
                self.begin_node(blob, text_at(source, walk.name))
                depth += 1
            elif walk.token == PROPERTY:
                value = source[walk.value : walk.value + walk.length]
                self.begin_property(blob, text_at(source, walk.name), walk.length)
                self.put_bytes(blob, value, (walk.length + CELL_BYTES - 1) // CELL_BYTES * CELL_BYTES)
        while depth > 1:
            self.end_node(blob)
            depth -= 1

    def begin_node(self, blob: Slice[u8], name: View[u8]) -> None:
        """Opens a node in the one that is open; nodes of one name differ by place."""
        self.put_cell(blob, NODE)
        self.put_string(blob, name)

    def end_node(self, blob: Slice[u8]) -> None:
        """Closes the node that was opened last."""
        self.put_cell(blob, END_NODE)

    def put_number(self, blob: Slice[u8], name: View[u8], value: u32) -> None:
        """A property of one cell."""
        self.begin_property(blob, name, CELL_BYTES)
        self.put_cell(blob, value)

    def put_range(self, blob: Slice[u8], name: View[u8], base: u64, size: u64) -> None:
        """A property of one address range, as children of the root write it."""
        self.begin_property(blob, name, 4 * CELL_BYTES)
        self.put_wide(blob, base)
        self.put_wide(blob, size)

    def put_text(self, blob: Slice[u8], name: View[u8], text: View[u8]) -> None:
        """A property of one text."""
        self.begin_property(blob, name, len(text) + 1)
        self.put_string(blob, text)

    def put_memory(self, blob: Slice[u8], base: u64, size: u64) -> None:
        """A child of the root: one stretch of the machine's memory."""
        self.begin_node(blob, b"memory")
        self.put_text(blob, b"device_type", b"memory")
        self.put_range(blob, b"reg", base, size)
        self.end_node(blob)

    def begin_cpus(self, blob: Slice[u8]) -> None:
        """Opens the node that holds the CPUs."""
        self.begin_node(blob, b"cpus")
        self.put_number(blob, b"#address-cells", 2)
        self.put_number(blob, b"#size-cells", 0)

    def put_cpu(self, blob: Slice[u8], hardware_id: u64) -> None:
        """A child of the open node of CPUs: one CPU by the machine's number for it."""
        self.begin_node(blob, b"cpu")
        self.put_text(blob, b"device_type", b"cpu")
        self.begin_property(blob, b"reg", 2 * CELL_BYTES)
        self.put_wide(blob, hardware_id)
        self.end_node(blob)

    def begin_reserved(self, blob: Slice[u8]) -> None:
        """Opens the node that holds stretches of memory that are not to be used."""
        self.begin_node(blob, b"reserved-memory")
        self.put_number(blob, b"#address-cells", 2)
        self.put_number(blob, b"#size-cells", 2)

    def put_reserved(self, blob: Slice[u8], base: u64, size: u64) -> None:
        """A child of the open node of reserved memory: one stretch."""
        self.begin_node(blob, b"reserved")
        self.put_range(blob, b"reg", base, size)
        self.end_node(blob)

    def finish(self, blob: Slice[u8]) -> u64:
        """Closes the root and writes the header; the tree's bytes, or 0 when it did not fit and there is none."""
        self.end_node(blob)
        self.put_cell(blob, END)
        if self.overflowed:
            return 0
        write_number(blob, 0, MAGIC)
        write_number(blob, TOTAL_SIZE, U32(self.next))
        write_number(blob, STRUCTURE, U32(self.structure))
        write_number(blob, STRINGS, NAMES_START)
        write_number(blob, RESERVATIONS, HEADER_BYTES)
        write_number(blob, HEADER_VERSION, VERSION)
        write_number(blob, LAST_COMPATIBLE, OLDEST_READER)
        write_number(blob, STRINGS_SIZE, U32(self.names - NAMES_START))
        write_number(blob, STRUCTURE_SIZE, U32(self.next - self.structure))
        return self.next

    def begin_property(self, blob: Slice[u8], name: View[u8], size: u64) -> None:
        """A property of the open node; its value, of so many bytes, is what is put next."""
        self.put_cell(blob, PROPERTY)
        self.put_cell(blob, U32(size))
        self.put_cell(blob, U32(self.place_of(blob, name)))

    def place_of(self, blob: Slice[u8], name: View[u8]) -> u64:
        """Where a property's name stands among the names; it is added when it is new."""
        at: u64 = NAMES_START
        while at < self.names:
            if is_text(blob, at, name):
                return at - NAMES_START
            while blob[at] != 0:
                at += 1
            at += 1
        if len(name) + 1 > self.structure - at or self.structure > len(blob):
            self.overflowed = True
            return 0
        for index in range(len(name)):
            blob[at + index] = name[index]
        self.names = at + len(name) + 1
        return at - NAMES_START

    def put_wide(self, blob: Slice[u8], value: u64) -> None:
        """Two cells, the high one first."""
        self.put_cell(blob, U32(value >> 32))
        self.put_cell(blob, U32(value & 0xFFFF_FFFF))

    def put_cell(self, blob: Slice[u8], value: u32) -> None:
        """Four bytes, highest first."""
        if self.next + CELL_BYTES > len(blob):
            self.overflowed = True
            return
        write_number(blob, self.next, value)
        self.next += CELL_BYTES

    def put_string(self, blob: Slice[u8], text: View[u8]) -> None:
        """A text, the zero that ends it, and zeros up to a whole cell."""
        self.put_bytes(blob, text, len(text) // CELL_BYTES * CELL_BYTES + CELL_BYTES)

    def put_bytes(self, blob: Slice[u8], text: View[u8], size: u64) -> None:
        """Bytes, and zeros up to this size."""
        if self.next + size > len(blob):
            self.overflowed = True
            return
        for index in range(len(text)):
            blob[self.next + index] = text[index]
        self.next += size


def clear(blob: Slice[u8]) -> None:
    """Zeros, also where the writer only steps over them."""
    for index in range(len(blob)):
        blob[index] = 0


def text_at(blob: View[u8], at: u64) -> View[u8]:
    """The text that stands here, without the zero that ends it; none outside the blob."""
    if at >= len(blob):
        return blob[0:0]
    end: u64 = at
    while end < len(blob) and blob[end] != 0:
        end += 1
    return blob[at:end]


def write_number(blob: Slice[u8], at: u64, value: u32) -> None:
    """Four bytes, highest first."""
    for index in range(U64(CELL_BYTES)):
        blob[at + index] = U8((value >> (24 - 8 * U32(index))) & 0xFF)
