"""The pretend machine: a CPU family without assembly, whose CPUs a test moves, so that the compiled kernel runs in it.

A physical address is an address of the test's process. Page tables are real tables in the machine's memory; each CPU
remembers translations as hardware does, so that one that was not forgotten in time can be seen.
"""

from __future__ import annotations

# isort: off
from kernel.arch.host.machine import (
    BROADCASTS, CpuRecord, DIRECT_MAP, Frame, IDLE_RETURNS, LEVELS, MEMORY_GRAIN, NAME, PAGE_BITS, PORTS, REGISTERS,
    TAGS, USER_TOP, branch, bundle_start, enter, entry_physical, entry_present, fault_kind, forget_done,
    forget_page, forget_space, forget_vectors, frame_start, get_register, hardware_id, image_end, image_start, leaf,
    map_memory, pending, publish_code, put_register, read_port, relax, repeat_call, restart_machine, select,
    select_called, select_nobody, setup_cpu, share_kernel, space_register, start_cpu, stop, tables_written,
    this_cpu, wait, write_port,
)  # fmt: skip

__all__ = [
    "BROADCASTS", "DIRECT_MAP", "IDLE_RETURNS", "LEVELS", "MEMORY_GRAIN", "NAME", "PAGE_BITS", "PORTS", "REGISTERS",
    "TAGS", "USER_TOP", "CpuRecord", "Frame", "branch", "bundle_start", "enter", "entry_physical", "entry_present",
    "fault_kind", "forget_done", "forget_page", "forget_space", "forget_vectors", "frame_start", "get_register",
    "hardware_id", "image_end", "image_start", "leaf", "map_memory", "pending", "publish_code", "put_register",
    "read_port", "relax", "repeat_call", "restart_machine", "select", "select_called", "select_nobody", "setup_cpu",
    "share_kernel", "space_register", "start_cpu", "stop", "tables_written", "this_cpu", "wait", "write_port",
]  # fmt: skip
