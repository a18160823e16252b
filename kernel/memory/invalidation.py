"""Forgetting translations on every CPU before a byte behind them is used again.

Where the hardware tells the other CPUs by itself there is nothing to do but wait. Elsewhere each CPU is asked, and
answers from its interrupt or while it waits for the kernel's lock, so that two CPUs never wait for each other.
"""

from __future__ import annotations

from kernel.arch.chosen import BROADCASTS, PAGE_BITS, forget_done, forget_page, forget_space, relax
from kernel.chips.chosen import send
from kernel.current import cpu_at, kernel
from kernel.limits import CPUS, PAGES_A_STEP
from kernel.structures import Cpu
from metal import U64, Ptr, u64


def forget_here(tag: u64, address: u64, pages: u64) -> None:
    """Forget pages of a space, or with 0 pages all of it, on this CPU."""
    if pages == 0 or pages > PAGES_A_STEP:
        forget_space(tag)
    else:
        for page in range(pages):
            forget_page(address + (page << PAGE_BITS), tag)
    forget_done()


def forget_everywhere(cpu: Ptr[Cpu], tag: u64, address: u64, pages: u64) -> None:
    """Forget pages of a space on every CPU; all have done so when this returns."""
    forget_here(tag, address, pages)
    if CPUS > 1 and not BROADCASTS:
        for index in range(kernel.cpus):
            other = cpu_at(index)
            if other is not cpu and other.online:
                ask(other, tag, address, pages)


def ask(other: Ptr[Cpu], tag: u64, address: u64, pages: u64) -> None:
    """Ask another CPU and wait for its answer."""
    other.request_tag = tag
    other.request_address = address
    other.request_pages = pages
    other.request.store(1, "release")
    send(U64(other.index))
    while other.request.load("acquire") != 0:
        relax()


def serve(cpu: Ptr[Cpu]) -> None:
    """Do what another CPU asks; needs no lock."""
    if cpu.request.load("acquire") != 0:
        forget_here(cpu.request_tag, cpu.request_address, cpu.request_pages)
        cpu.request.store(0, "release")
