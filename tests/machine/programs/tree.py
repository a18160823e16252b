"""A program that writes small device trees, and adds to one that it is given."""

from kernel.boot.tree_writer import TreeWriter
from metal import Slice, View, u8, u64


def write(blob: Slice[u8]) -> u64:
    """Two stretches of memory, two CPUs, a reserved page. The bytes written; 0 when the tree does not fit."""
    tree = TreeWriter()
    tree.begin(blob)
    tree.put_memory(blob, 0x8_0000_0000, 0x400_0000)
    tree.put_memory(blob, 0x1000, 0x9_F000)
    tree.begin_cpus(blob)
    tree.put_cpu(blob, 0)
    tree.put_cpu(blob, 0x1_0000_0003)
    tree.end_node(blob)
    tree.begin_reserved(blob)
    tree.put_reserved(blob, 0x2000, 0x1000)
    tree.end_node(blob)
    return tree.finish(blob)


def extend(blob: Slice[u8], source: View[u8]) -> u64:
    """The tree of the source with one more stretch of memory. The bytes written; 0 when it does not fit."""
    tree = TreeWriter()
    tree.copy(blob, source)
    tree.put_memory(blob, 0x9000_0000, 0x3000_0000)
    return tree.finish(blob)
