"""A reader of flattened device trees, which firmware hands over: where memory, CPUs and devices are.

It trusts nothing: what lies outside the blob reads as zero, a walk always moves on, and what does not fit the format
ends it as if the tree ended there. The format is that of the Devicetree Specification 0.4, chapter 5; numbers are
written highest byte first.
"""

from __future__ import annotations

from typing import Final

from metal import U32, U64, Array, Ptr, View, array, struct, u8, u32, u64

MAGIC: Final = 0xD00D_FEED
VERSION: Final = 17
HEADER_BYTES: Final = 40
LARGEST: Final = 0x20_0000

# Offsets in the header.
TOTAL_SIZE: Final = 4
STRUCTURE: Final = 8
STRINGS: Final = 12
LAST_COMPATIBLE: Final = 24
STRUCTURE_SIZE: Final = 36

# Tokens of the structure block.
NODE: Final = 1
END_NODE: Final = 2
PROPERTY: Final = 3
NOTHING: Final = 4
END: Final = 9

DEPTH: Final = 16
CELL_BYTES: Final = 4


@struct
class Range:
    """A stretch of physical addresses."""

    base: u64 = 0
    size: u64 = 0


@struct
class Node:
    """A node by the offset of its token (0: none yet), and how its parent writes addresses and sizes."""

    at: u64 = 0
    address_cells: u32 = 2
    size_cells: u32 = 1


@struct
class Walk:
    """Where a walk over the structure block stands: the token it found, and the cells of the nodes around it."""

    next: u64 = 0
    end: u64 = 0
    strings: u64 = 0
    token: u32 = 0
    node: u64 = 0
    name: u64 = 0
    value: u64 = 0
    length: u64 = 0
    depth: u64 = 0
    address_cells: Array[u32] = array(DEPTH)
    size_cells: Array[u32] = array(DEPTH)

    def start(self, blob: View[u8]) -> bool:
        """Goes to the first token; False when this is no tree."""
        total = U64(number_at(blob, TOTAL_SIZE))
        first = U64(number_at(blob, STRUCTURE))
        size = U64(number_at(blob, STRUCTURE_SIZE))
        if number_at(blob, 0) != MAGIC or number_at(blob, LAST_COMPATIBLE) > VERSION:
            return False
        if total > len(blob) or first < HEADER_BYTES or first + size > total:
            return False
        self.next = first
        self.end = first + size
        self.strings = U64(number_at(blob, STRINGS))
        self.depth = 0
        return self.strings <= total

    def step(self, blob: View[u8]) -> bool:
        """Goes to the next node or property; False at the end."""
        while self.next + CELL_BYTES <= self.end:
            at = self.next
            self.token = number_at(blob, at)
            self.next += CELL_BYTES
            if self.token == NODE:
                return self.enter_node(blob, at)
            if self.token == PROPERTY:
                return self.enter_property(blob)
            if self.token == END_NODE and self.depth > 0:
                self.depth -= 1
            elif self.token != NOTHING:
                return False
        return False

    def enter_node(self, blob: View[u8], at: u64) -> bool:
        """A node begins: its name follows, then zeros up to a multiple of four."""
        if self.depth + 1 >= DEPTH:
            return False
        self.depth += 1
        self.address_cells[self.depth] = 2
        self.size_cells[self.depth] = 1
        self.node = at
        self.name = self.next
        while self.next < self.end and blob[self.next] != 0:
            self.next += 1
        self.next = self.next // CELL_BYTES * CELL_BYTES + CELL_BYTES
        return self.next <= self.end

    def enter_property(self, blob: View[u8]) -> bool:
        """A property: its length, where its name stands among the strings, its value."""
        self.length = U64(number_at(blob, self.next))
        self.name = self.strings + U64(number_at(blob, self.next + CELL_BYTES))
        self.value = self.next + 2 * CELL_BYTES
        if self.value + self.length > self.end:
            return False
        self.next = (self.value + self.length + CELL_BYTES - 1) // CELL_BYTES * CELL_BYTES
        if self.length == CELL_BYTES:
            if is_text(blob, self.name, b"#address-cells"):
                self.address_cells[self.depth] = number_at(blob, self.value)
            elif is_text(blob, self.name, b"#size-cells"):
                self.size_cells[self.depth] = number_at(blob, self.value)
        return True

    def holds(self, blob: View[u8], text: View[u8]) -> bool:
        """One of the property's texts, which zeros separate, is this one."""
        at = self.value
        end = self.value + self.length
        while at < end:
            if is_text(blob, at, text):
                return True
            while at < end and blob[at] != 0:
                at += 1
            at += 1
        return False


def number_at(blob: View[u8], at: u64) -> u32:
    """Four bytes, highest first; zero outside the blob."""
    # Compared so that the C compiler sees that none of the four indexes can leave the blob.
    if len(blob) < CELL_BYTES or at > len(blob) - CELL_BYTES:
        return 0
    return U32(blob[at]) << 24 | U32(blob[at + 1]) << 16 | U32(blob[at + 2]) << 8 | U32(blob[at + 3])


def is_text(blob: View[u8], at: u64, text: View[u8]) -> bool:
    """This text, and the zero that ends it, stand here."""
    if at + len(text) >= len(blob) or blob[at + len(text)] != 0:
        return False
    for index in range(len(text)):
        if blob[at + index] != text[index]:
            return False
    return True


def tree_bytes(header: View[u8]) -> u64:
    """How long the tree is whose first bytes these are; 0 when they begin none."""
    size = U64(number_at(header, TOTAL_SIZE))
    if number_at(header, 0) != MAGIC or size < HEADER_BYTES or size > LARGEST:
        return 0
    return size


def find_node(blob: View[u8], property: View[u8], text: View[u8], node: Ptr[Node]) -> bool:
    """Moves on to the next node one of whose texts in this property is this one; no text: that has the property."""
    walk = Walk()
    if not walk.start(blob):
        return False
    while walk.step(blob):
        if walk.token == PROPERTY and walk.depth > 0 and walk.node > node.at:
            if is_text(blob, walk.name, property) and (len(text) == 0 or walk.holds(blob, text)):
                node.at = walk.node
                node.address_cells = walk.address_cells[walk.depth - 1] if walk.depth > 1 else 2
                node.size_cells = walk.size_cells[walk.depth - 1] if walk.depth > 1 else 1
                return True
    return False


def find_property(blob: View[u8], node: Ptr[Node], property: View[u8], value: Ptr[Range]) -> bool:
    """Where in the blob a node keeps the value of a property."""
    walk = Walk()
    if node.at == 0 or not walk.start(blob):
        return False
    walk.next = node.at
    if not walk.step(blob):
        return False
    while walk.step(blob) and walk.token == PROPERTY and walk.node == node.at:
        if is_text(blob, walk.name, property):
            value.base = walk.value
            value.size = walk.length
            return True
    return False


def read_cells(blob: View[u8], at: u64, cells: u32) -> u64:
    """A number of one or two cells; of more, the two lowest."""
    low: u64 = 0
    for index in range(U64(cells)):
        low = (low & 0xFFFF_FFFF) << 32 | U64(number_at(blob, at + index * CELL_BYTES))
    return low


def register_range(blob: View[u8], node: Ptr[Node], index: u64, found: Ptr[Range]) -> bool:
    """One of the address ranges of a node; False when it has fewer, or they make no sense."""
    value = Range()
    if node.address_cells > 2 or node.size_cells > 2 or not find_property(blob, node, b"reg", value):
        return False
    stride = U64(node.address_cells + node.size_cells) * CELL_BYTES
    if stride == 0 or index >= value.size // stride:
        return False
    at = value.base + index * stride
    base = read_cells(blob, at, node.address_cells)
    size = read_cells(blob, at + U64(node.address_cells) * CELL_BYTES, node.size_cells)
    if size > 0xFFFF_FFFF_FFFF_FFFF - base:
        return False
    found.base = base
    found.size = size
    return True


def memory_range(blob: View[u8], index: u64, found: Ptr[Range]) -> bool:
    """One stretch of the machine's memory, in the order of the tree."""
    node = Node()
    left = index
    while find_node(blob, b"device_type", b"memory", node):
        part: u64 = 0
        while register_range(blob, node, part, found):
            if left == 0:
                return True
            left -= 1
            part += 1
    return False


def cpu_id(blob: View[u8], index: u64, found: Ptr[Range]) -> bool:
    """The number by which firmware knows a CPU, as the base of the range."""
    node = Node()
    left = index
    while find_node(blob, b"device_type", b"cpu", node):
        if left == 0:
            return register_range(blob, node, 0, found)
        left -= 1
    return False


def reserved_range(blob: View[u8], index: u64, found: Ptr[Range]) -> bool:
    """One stretch of memory that is not to be used: those of the reservation block, then those with nodes."""
    entries: u64 = 0
    while entries <= index:
        if not reserved_entry(blob, entries, found):
            return reserved_node(blob, index - entries, found)
        entries += 1
    return True


def reserved_entry(blob: View[u8], index: u64, found: Ptr[Range]) -> bool:
    """One entry of the memory reservation block."""
    at = U64(number_at(blob, 16)) + index * 16
    first: u64 = at - index * 16
    if first < HEADER_BYTES or at + 16 > len(blob):
        return False
    found.base = read_cells(blob, at, 2)
    found.size = read_cells(blob, at + 8, 2)
    return found.size != 0 and found.size <= 0xFFFF_FFFF_FFFF_FFFF - found.base


def reserved_node(blob: View[u8], index: u64, found: Ptr[Range]) -> bool:
    """The address range of one of the nodes in /reserved-memory."""
    walk = Walk()
    node = Node()
    inside = False
    left = index
    if not walk.start(blob):
        return False
    while walk.step(blob):
        if walk.token == NODE and walk.depth == 2:
            inside = is_text(blob, walk.name, b"reserved-memory")
        if inside and walk.token == PROPERTY and walk.depth == 3 and is_text(blob, walk.name, b"reg"):
            if left == 0:
                node.at = walk.node
                node.address_cells = walk.address_cells[2]
                node.size_cells = walk.size_cells[2]
                return register_range(blob, node, 0, found)
            left -= 1
    return False


def property_number(blob: View[u8], node: Ptr[Node], property: View[u8], index: u64, otherwise: u32) -> u32:
    """One cell of a property, or what is to be taken when there is none."""
    value = Range()
    if not find_property(blob, node, property, value) or index >= value.size // CELL_BYTES:
        return otherwise
    return number_at(blob, value.base + index * CELL_BYTES)
