"""From the firmware's last instruction to `kernel_main`: the first stack, and a device tree made of what it left."""

from __future__ import annotations

from typing import Final

from kernel.arch.alpha.frame import CpuRecord
from kernel.arch.alpha.pal import KERNEL_BASE
from kernel.boot.tree_writer import TreeWriter
from metal import Array, Ptr, addr_of, align, array, asm, export, naked, raw, section, struct, u8, u64

UNSAFE: Final = True

TREE_BYTES: Final = 1024

MEMORY_BYTES: Final = 0x2040
"""Where firmware leaves how much memory there is; the highest bit says that it is emulated."""
SIZE_MASK: Final = 0x7FFF_FFFF_FFFF_FFFF
FIRMWARE_BYTES: Final = 0x91_0000
"""What firmware uses, from the start of memory on."""


@align(8)
@struct
class Told:
    """What firmware told, as the portable kernel reads it."""

    tree: Array[u8] = array(TREE_BYTES)


told: Told = Told()


@naked
@export
@section(".text.header")
def image_header() -> None:
    """The first CPU, with interrupts masked."""
    asm("""
    .set    macro
    br      $27, 1f
1:  ldgp    $29, 0($27)
    lda     $30, __boot_stack_end
    mov     $31, $15
    jsr     $26, make_tree
    mov     $0, $16
    jsr     $26, kernel_main
2:  br      2b
    .set    nomacro
    """)


@export
def make_tree() -> u64:
    """Writes the device tree that this machine has not; its physical address."""
    blob = told.tree[:]
    tree = TreeWriter()
    tree.begin(blob)
    tree.put_memory(blob, 0, raw(u64, KERNEL_BASE + MEMORY_BYTES)[0] & SIZE_MASK)
    tree.begin_reserved(blob)
    tree.put_reserved(blob, 0, FIRMWARE_BYTES)
    tree.end_node(blob)
    tree.begin_cpus(blob)
    tree.put_cpu(blob, 0)
    tree.end_node(blob)
    tree.finish(blob)
    return addr_of(told) - KERNEL_BASE


def start_cpu(hardware: u64, record: Ptr[CpuRecord]) -> bool:
    """Other CPUs are not started."""
    return False
