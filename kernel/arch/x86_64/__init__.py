"""The port to 64-bit x86: what `kernel/arch/contract.py` asks for, under one name."""

from typing import Final

# isort: off
from kernel.arch.x86_64.cpu import (
    IDLE_RETURNS, REGISTERS, bundle_start, fault_kind, forget_vectors, frame_start, get_register, hardware_id,
    image_end, image_start, pending, put_register, relax, repeat_call, restart_machine, select, select_called,
    select_nobody, setup_cpu, start_cpu, stop, this_cpu, wait,
)  # fmt: skip
from kernel.arch.x86_64.frame import CpuRecord, Frame
from kernel.arch.x86_64.paging import (
    BROADCASTS, DIRECT_MAP, LEVELS, MEMORY_GRAIN, PAGE_BITS, TAGS, USER_TOP, branch, entry_physical, entry_present,
    forget_done, forget_page, forget_space, leaf, map_memory, publish_code, share_kernel, space_register,
    tables_written,
)  # fmt: skip
from kernel.arch.x86_64.registers import PORTS, read_port, write_port
from kernel.arch.x86_64.vectors import enter

NAME: Final = "x86_64"

__all__ = [
    "BROADCASTS", "DIRECT_MAP", "IDLE_RETURNS", "LEVELS", "MEMORY_GRAIN", "NAME", "PAGE_BITS", "PORTS", "REGISTERS",
    "TAGS", "USER_TOP", "CpuRecord", "Frame", "branch", "bundle_start", "enter", "entry_physical", "entry_present",
    "fault_kind", "forget_done", "forget_page", "forget_space", "forget_vectors", "frame_start", "get_register",
    "hardware_id", "image_end", "image_start", "leaf", "map_memory", "pending", "publish_code", "put_register",
    "read_port", "relax", "repeat_call", "restart_machine", "select", "select_called", "select_nobody", "setup_cpu",
    "share_kernel", "space_register", "start_cpu", "stop", "tables_written", "this_cpu", "wait", "write_port",
]  # fmt: skip
