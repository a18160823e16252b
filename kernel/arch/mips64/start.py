"""From the boot loader's last instruction to `kernel_main`: addresses of 64 bits, the first stack, a device tree."""

from __future__ import annotations

from typing import Final

from kernel.boot.tree_writer import TreeWriter
from metal import (
    U64,
    Array,
    View,
    addr_of,
    align,
    array,
    asm,
    export,
    naked,
    raw,
    section,
    slice_at,
    struct,
    u8,
    u32,
    u64,
)

UNSAFE: Final = True

MEMORY: Final = 0x8000_0000
"""Where all memory lies in one piece; its first 256 MiB also lie at 0, where the kernel runs."""
LOW_BYTES: Final = 0x1000_0000
BEHIND_DEVICES: Final = 0x2000_0000
"""From here on the lower addresses are those of memory again."""

KERNEL_MAP: Final = 0xFFFF_FFFF_8000_0000
TREE_BYTES: Final = 2048
SIZE_NAME: Final = b"ememsize"


LONGEST_TEXT: Final = 32
ZERO: Final = 0x30
NINE: Final = 0x39
LEAST_MEMORY: Final = 0x400_0000


@align(8)
@struct
class Told:
    """What the boot loader told, as the portable kernel reads it."""

    tree: Array[u8] = array(TREE_BYTES)
    debugged: bool = False
    """Somebody answers calls of the Unified Hosting Interface."""


told: Told = Told()


@naked
@export
@section(".text.start")
def image_header() -> None:
    """The first CPU, as YAMON enters programs: $6 is the environment, pairs of addresses of 32 bits each.

    $4 is -1 when an emulator answers calls of the Unified Hosting Interface.
    """
    asm("""
    .set    push
    .set    noreorder
    li      $2, 0xe0                # Status: KX, SX, UX; nothing of what reset left
    mtc0    $2, $12
    ehb
    lui     $29, %hi(__boot_stack_end)
    daddiu  $29, $29, %lo(__boot_stack_end)
    move    $30, $0
    move    $28, $0
    jal     make_tree
    move    $5, $6
    jal     kernel_main
    move    $4, $2
1:  wait
    b       1b
    nop
    .set    pop
    """)


@export
def make_tree(arguments: u64, environment: u64) -> u64:
    """Writes the device tree that this machine has not; its physical address."""
    told.debugged = arguments == 0xFFFF_FFFF_FFFF_FFFF
    blob = told.tree[:]
    bytes = memory_bytes(environment)
    tree = TreeWriter()
    tree.begin(blob)
    # Other names of the same memory are nobody's: they are neither given out nor taken for a device.
    tree.put_memory(blob, 0, min(bytes, LOW_BYTES))
    if bytes > BEHIND_DEVICES:
        tree.put_memory(blob, BEHIND_DEVICES, bytes - BEHIND_DEVICES)
    tree.put_memory(blob, MEMORY, bytes)
    tree.begin_reserved(blob)
    tree.put_reserved(blob, 0, MEMORY)
    tree.end_node(blob)
    tree.begin_cpus(blob)
    tree.put_cpu(blob, 0)
    tree.end_node(blob)
    return addr_of(told) - KERNEL_MAP + MEMORY if tree.finish(blob) != 0 else 0


def memory_bytes(environment: u64) -> u64:
    """How much memory the environment tells of; the least that the kernel is made for when it does not."""
    pointers = raw(u32, environment)
    index: u64 = 0
    while pointers[index] != 0 and pointers[index + 1] != 0:
        if is_name(text_at(pointers[index]), SIZE_NAME):
            return number_in(text_at(pointers[index + 1]))
        index += 2
    return LEAST_MEMORY


def text_at(pointer: u32) -> View[u8]:
    """What stands at an address of 32 bits, which is one of kseg0."""
    return slice_at(u8, KERNEL_MAP | U64(pointer), LONGEST_TEXT)


def is_name(text: View[u8], name: View[u8]) -> bool:
    """The text is this name and a zero."""
    for index in range(len(name)):
        if text[index] != name[index]:
            return False
    return text[len(name)] == 0


def number_in(text: View[u8]) -> u64:
    """The decimal number that a text begins with."""
    number: u64 = 0
    for index in range(len(text)):
        digit = text[index]
        if digit < ZERO or digit > NINE:
            break
        number = number * 10 + U64(digit - ZERO)
    return number
