"""From the firmware's last instruction to `kernel_main`: the first stack, and a device tree made of the HWRPB."""

from __future__ import annotations

from typing import Final

from kernel.arch.alpha import pal
from kernel.arch.alpha.frame import CpuRecord
from kernel.arch.alpha.paging import empty_space
from kernel.arch.alpha.pal import KERNEL_BASE, PAGE_BITS
from kernel.boot.tree_writer import TreeWriter
from metal import Array, Ptr, addr_of, align, array, asm, export, naked, raw, section, struct, u8, u64

UNSAFE: Final = True

TREE_BYTES: Final = 2048

# The Hardware Restart Parameter Block (part III, 2.1), in words of eight bytes.
BLOCK: Final = 0x1000_0000
"""Where firmware shows the block to whom it starts."""
OWN_ADDRESS: Final = 0
CPUS: Final = 18
CPU_BYTES: Final = 19
CPU_OFFSET: Final = 20
MEMORY_OFFSET: Final = 25
CLUSTER_COUNT: Final = 2
FIRST_CLUSTER: Final = 3
CLUSTER_WORDS: Final = 7
CLUSTER_PAGES: Final = 1
CLUSTER_USAGE: Final = 6
RESTART: Final = 32
RESTART_VALUE: Final = 33
MESSAGES: Final = 37
"""A bit for each CPU that firmware has a message for."""

# What firmware waits for on another CPU ("START", carriage return, line feed), and how long it may take to look.
START_MESSAGE: Final = 0x0A_0D54_5241_5453
START_BYTES: Final = 7
PATIENCE: Final = pal.CLOCK_RATE

# The slot of a CPU in the block (part III, 2.1.3), in words: what it starts with, and its message.
CPU_STACK: Final = 0
CPU_ROOT: Final = 2
CPU_MESSAGE_BYTES: Final = 37
CPU_MESSAGE: Final = 38


@align(8)
@struct
class Told:
    """What firmware told, as the portable kernel reads it."""

    tree: Array[u8] = array(TREE_BYTES)
    block: u64 = 0
    """The block in the direct map."""


told: Told = Told()


@naked
@export
@section(".text.header")
def image_header() -> None:
    """The first CPU: $27 is this address."""
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


@naked
@export
@section(".text.start")
def start_other() -> None:
    """Another CPU: $27 is the address of its record, on top of its stack."""
    asm("""
    .set    macro
    mov     $27, $9
    mov     $27, $30
    br      $27, 1f
1:  ldgp    $29, 0($27)
    mov     $31, $15
    mov     $9, $16
    jsr     $26, kernel_secondary
    br      resume
    .set    nomacro
    """)


@export
def make_tree() -> u64:
    """Writes the device tree that this machine has not; its physical address."""
    told.block = raw(u64, BLOCK)[OWN_ADDRESS] + KERNEL_BASE
    block = raw(u64, told.block)
    blob = told.tree[:]
    tree = TreeWriter()
    tree.begin(blob)
    clusters = raw(u64, told.block + block[MEMORY_OFFSET])
    for index in range(clusters[CLUSTER_COUNT]):
        first = FIRST_CLUSTER + index * CLUSTER_WORDS
        tree.put_memory(blob, clusters[first] << PAGE_BITS, clusters[first + CLUSTER_PAGES] << PAGE_BITS)
    tree.begin_reserved(blob)
    for index in range(clusters[CLUSTER_COUNT]):
        first = FIRST_CLUSTER + index * CLUSTER_WORDS
        if clusters[first + CLUSTER_USAGE] != 0:
            tree.put_reserved(blob, clusters[first] << PAGE_BITS, clusters[first + CLUSTER_PAGES] << PAGE_BITS)
    tree.end_node(blob)
    tree.begin_cpus(blob)
    for cpu in range(block[CPUS]):
        tree.put_cpu(blob, cpu)
    tree.end_node(blob)
    tree.finish(blob)
    return addr_of(told) - KERNEL_BASE


def start_cpu(hardware: u64, record: Ptr[CpuRecord]) -> bool:
    """Wakes another CPU by firmware's message; it goes to `kernel_secondary` on the stack below its record."""
    block = raw(u64, told.block)
    cpu = raw(u64, told.block + block[CPU_OFFSET] + hardware * block[CPU_BYTES])
    cpu[CPU_STACK] = addr_of(record)
    cpu[CPU_ROOT] = empty_space() >> PAGE_BITS
    cpu[CPU_MESSAGE_BYTES] = START_BYTES
    cpu[CPU_MESSAGE] = START_MESSAGE
    block[RESTART] = addr_of(start_other)
    block[RESTART_VALUE] = addr_of(record)
    pal.finish_stores()
    block[MESSAGES] = 1 << hardware
    end = pal.read_clock() + PATIENCE
    while pal.read_word(told.block + MESSAGES * 8) != 0:
        if pal.read_clock() > end:
            return False
    return True
