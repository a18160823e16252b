"""The kernel's one lock. CPUs get it in the order they came, and answer requests while they wait."""

from __future__ import annotations

from kernel.arch.chosen import relax
from kernel.current import kernel
from kernel.limits import CPUS
from kernel.memory.invalidation import serve
from kernel.structures import Cpu
from metal import Ptr


def enter(cpu: Ptr[Cpu]) -> None:
    """Take the lock; from here on the registers of this CPU's thread are saved, and another CPU may take it away."""
    if CPUS > 1:
        # The turn is taken before others may see this CPU inside: who takes its thread away then cannot be back in the
        # kernel before this CPU has put the thread's wide registers away.
        turn = kernel.lock.next.add(1, "relaxed")
        cpu.inside.store(1, "release")
        while kernel.lock.serving.load("acquire") != turn:
            serve(cpu)
            relax()
        cpu.holds = True


def leave(cpu: Ptr[Cpu]) -> None:
    """Give the lock to who came next."""
    if CPUS > 1:
        cpu.holds = False
        cpu.inside.store(0, "release")
        kernel.lock.serving.store(kernel.lock.serving.load("relaxed") + 1, "release")
