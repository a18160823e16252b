"""Page tables: the format of their entries, and what must follow a change. Firmware walks them.

The kernel itself needs no tables: it lies in kseg, with all memory. Formats are those of part II-B, chapter 3.
"""

from __future__ import annotations

from typing import Final

from abi.kernel import EXECUTE, WRITE
from kernel.arch.alpha import pal
from metal import symbol_address, u64

UNSAFE: Final = True

PAGE_BITS: Final = pal.PAGE_BITS
LEVELS: Final = pal.LEVELS
USER_TOP: Final = pal.USER_TOP
DIRECT_MAP: Final = pal.KERNEL_BASE
TAGS: Final = 256
"""Nothing tells spaces apart: every change of the space forgets everything. Tag 0 belongs to the empty space."""
MEMORY_GRAIN: Final = 0x2000
"""The direct map reaches all memory as it is."""

BROADCASTS: Final = False
"""TBI is for the CPU that executes it."""


def entry_of(physical: u64) -> u64:
    """The bits of an entry that say where it leads."""
    return physical >> PAGE_BITS << pal.NUMBER_SHIFT | pal.PRESENT


def leaf(physical: u64, access: u64) -> u64:
    """The entry that gives programs a page: readable, and what access adds; never both written and executed."""
    entry = entry_of(physical) | pal.KERNEL_READ | pal.USER_READ
    if access & WRITE != 0:
        return entry | pal.KERNEL_WRITE | pal.USER_WRITE | pal.NO_EXECUTE
    return entry | pal.NO_WRITE if access & EXECUTE != 0 else entry | pal.NO_WRITE | pal.NO_EXECUTE


def branch(physical: u64) -> u64:
    """The entry that leads to a lower table."""
    return entry_of(physical) | pal.KERNEL_READ | pal.KERNEL_WRITE


def entry_present(entry: u64) -> bool:
    return entry & pal.PRESENT != 0


def entry_physical(entry: u64) -> u64:
    """The page or the table that an entry leads to."""
    return entry >> pal.NUMBER_SHIFT << PAGE_BITS


def share_kernel(root: u64) -> None:
    """The kernel needs no table."""


def space_register(root: u64, tag: u64) -> u64:
    """What a frame needs to run in the space with this root table."""
    return root


def empty_space() -> u64:
    """The space without a single page of programs."""
    return symbol_address("__empty_table") - DIRECT_MAP


def tables_written() -> None:
    """An entry that was not there is not remembered."""
    pal.finish_stores()


def forget_page(address: u64, tag: u64) -> None:
    """Drops one translation on this CPU, after its entry was cleared."""
    pal.forget(pal.ONE_PAGE, address)


def forget_space(tag: u64) -> None:
    """Drops every translation on this CPU."""
    pal.forget(pal.EVERYTHING, 0)


def forget_done() -> None:
    """TBI waits by itself."""


def publish_code(address: u64, size: u64) -> None:
    """Bytes written here may be executed."""
    pal.finish_stores()
    pal.fetch_anew()


def map_memory(physical: u64, size: u64) -> bool:
    """All memory is in the direct map."""
    return True
