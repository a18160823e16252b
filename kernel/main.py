"""The start of the kernel, one call a line: from what firmware left to the first instruction of root."""

from __future__ import annotations

from kernel.arch.chosen import bundle_start, enter, setup_cpu
from kernel.chips.chosen import find as find_chips
from kernel.chips.chosen import setup_cpu as setup_chips
from kernel.console import metal_write as metal_write
from kernel.current import cpu_at
from kernel.failure import kernel_failed as kernel_failed
from kernel.lock import enter as take_lock
from kernel.root import make_root, root_information
from kernel.start import bundle_bytes, find_memory, find_tree, follow_plan, keep_epitaph, start_others, tell_epitaph
from kernel.structures import Cpu
from kernel.trap import end_stay
from metal import U64, Ptr, export, panic, u64


@export
def kernel_main(tree_address: u64) -> None:
    """The first CPU, on its boot stack, with interrupts masked."""
    cpu = cpu_at(0)
    setup_cpu(cpu.record)
    tree = find_tree(tree_address)
    if not find_chips(tree):
        panic("a chip that the kernel needs is not in the device tree")
    setup_chips(0)
    bundle = bundle_start()
    follow_plan(bundle)
    find_memory(tree, tree_address, bundle + bundle_bytes(bundle))
    keep_epitaph()
    cpu.online = True
    take_lock(cpu)
    start_others(tree)
    make_root(bundle, bundle_bytes(bundle), tree_address, len(tree))
    tell_epitaph(root_information())
    end_stay(cpu)
    enter(cpu.record)


@export
def kernel_secondary(cpu: Ptr[Cpu]) -> None:
    """Another CPU, on its own stack: it waits for the lock, then for work."""
    setup_cpu(cpu.record)
    setup_chips(U64(cpu.index))
    take_lock(cpu)
    cpu.online = True
    end_stay(cpu)
