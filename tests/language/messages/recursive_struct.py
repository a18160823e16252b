"""A common mistake: recursive struct."""

from metal import struct, u32


@struct
class Node:
    value: u32 = 0
    next: Node
