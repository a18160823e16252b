"""Every size that is fixed when the kernel is built."""

from __future__ import annotations

from typing import Final

CPUS: Final = 1
STACK_WORDS: Final = 2048  # of each CPU's one kernel stack
PRIORITIES: Final = 256
DEPTH: Final = 16  # handles one handle may descend from: bounds every walk up the tree
REFILLS: Final = 8  # pieces of a context's budget, a power of two
LEAST_REFILLS: Final = 2
LEAST_BUDGET: Final = 64  # ticks; a smaller piece of budget is joined to the next
LINES: Final = 1024  # interrupt lines
EXPIRED: Final = 8  # time-outs served by one timer interrupt before others may run
SLOTS_A_STEP: Final = 8  # of a table, cleared before they are used
BYTES_A_STEP: Final = 4096  # of a memory, cleared before they are mapped
PAGES_A_STEP: Final = 16  # mapped or unmapped between two looks for interrupts
ENTRIES_A_STEP: Final = 16  # of a page table, looked at when a space is torn down
TAG_WORDS: Final = 1024  # bits that say which translation tags are taken
