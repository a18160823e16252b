"""Finding out at boot what the machine has: its memory, its CPUs, and what lies behind the kernel."""

from __future__ import annotations

from typing import Final

from abi.boot import EPITAPH_MAGIC, EPITAPH_TOLD, BootInformation
from kernel import failure, ranges
from kernel.arch.chosen import MEMORY_GRAIN, PAGE_BITS, hardware_id, image_start, map_memory, start_cpu
from kernel.boot.device_tree import HEADER_BYTES, Range, cpu_id, memory_range, reserved_range, tree_bytes
from kernel.casts import bundle_at, bytes_at, epitaph_at, plan_at, to_virtual
from kernel.current import cpu_at, kernel
from kernel.limits import CPUS
from metal import U32, U64, Ptr, Slice, assign, u8, u64

PAGE: Final = 1 << PAGE_BITS
MOST_RANGES: Final = 64


def find_tree(physical: u64) -> Slice[u8]:
    """The device tree's bytes; none when there is no tree."""
    if physical == 0:
        return bytes_at(to_virtual(0), 0)
    address = to_virtual(physical)
    return bytes_at(address, tree_bytes(bytes_at(address, HEADER_BYTES)))


def bundle_bytes(physical: u64) -> u64:
    """How long the bundle is that lies behind the kernel."""
    return bundle_at(to_virtual(physical)).total_bytes


def find_memory(tree: Slice[u8], tree_address: u64, image_end: u64) -> None:
    """Sort the machine's memory into what is taken and what is free, and let the kernel reach it."""
    found = Range()
    for index in range(U64(MOST_RANGES)):
        if not memory_range(tree, index, found):
            break
        start = (found.base + (MEMORY_GRAIN - 1)) & ~U64(MEMORY_GRAIN - 1)
        end = (found.base + found.size) & ~U64(MEMORY_GRAIN - 1)
        ranges.add(ranges.ram, start, end)
        ranges.add(ranges.free, start, end)
        if start < end:
            map_memory(start, end - start)
    take_away(image_start(), image_end)
    take_away(tree_address, tree_address + len(tree))
    for index in range(U64(MOST_RANGES)):
        if not reserved_range(tree, index, found):
            break
        take_away(found.base, found.base + found.size)


def take_away(start: u64, end: u64) -> None:
    """Keep a stretch from being given out."""
    if start < end:
        ranges.cut(ranges.free, start & ~U64(PAGE - 1), (end + (PAGE - 1)) & ~U64(PAGE - 1))


def keep_epitaph() -> None:
    """The last page of the last piece is for the epitaph: each start finds it at the same place."""
    if ranges.free.count == 0:
        return
    piece = ranges.free.list[ranges.free.count - 1]
    if piece.end - piece.start > PAGE:
        piece.end -= PAGE
        failure.keep_epitaph_at(to_virtual(piece.end))


def tell_epitaph(page: Ptr[BootInformation]) -> None:
    """Copy to root why the kernel failed before this start, once."""
    if failure.epitaph_address == 0:
        return
    epitaph = epitaph_at(failure.epitaph_address)
    if epitaph.magic == EPITAPH_MAGIC:
        assign(page.epitaph, epitaph)
        epitaph.magic = EPITAPH_TOLD


def follow_plan(physical: u64) -> None:
    """What the image wants when the kernel fails."""
    start = to_virtual(physical)
    plan = bundle_at(start).plan_offset
    if plan != 0:
        failure.set_policy(U64(plan_at(start + plan).on_failure))


def start_others(tree: Slice[u8]) -> None:
    """Start the other CPUs, as many as this kernel was built for."""
    found = Range()
    this = hardware_id()
    next_cpu = U32(1)
    for index in range(U64(MOST_RANGES)):
        if next_cpu >= CPUS or not cpu_id(tree, index, found):
            break
        if found.base != this:
            cpu = cpu_at(next_cpu)
            cpu.index = next_cpu
            if start_cpu(found.base, cpu.record):
                next_cpu += 1
    kernel.cpus = next_cpu
