"""What exists once: the kernel's own record and the area of each CPU."""

from __future__ import annotations

from kernel.arch.chosen import pending
from kernel.limits import CPUS
from kernel.structures import Cpu, CpuArea, Kernel, Thread
from metal import Array, Ptr, array, u32

kernel: Kernel = Kernel()
areas: Array[CpuArea] = array(CPUS)


def cpu_at(index: u32) -> Ptr[Cpu]:
    """The record of a CPU."""
    if CPUS == 1:
        return areas[0].cpu
    return areas[index].cpu


def is_running(thread: Ptr[Thread]) -> bool:
    """Whether a thread is on a CPU now."""
    return cpu_at(thread.cpu).thread is thread


def preemption_due() -> bool:
    """Whether a long operation should stop here: an interrupt waits, or another CPU wants the kernel."""
    due = pending()
    if CPUS > 1:
        due = due or kernel.lock.next.load("relaxed") != kernel.lock.serving.load("relaxed") + 1
    return due
