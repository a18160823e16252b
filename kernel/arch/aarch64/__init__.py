"""The port to 64-bit ARM: what `kernel/arch/contract.py` asks for, under one name."""

from typing import Final

from kernel.arch.aarch64.cpu import REGISTERS as REGISTERS
from kernel.arch.aarch64.cpu import bundle_start as bundle_start
from kernel.arch.aarch64.cpu import enter as enter
from kernel.arch.aarch64.cpu import fault_kind as fault_kind
from kernel.arch.aarch64.cpu import forget_vectors as forget_vectors
from kernel.arch.aarch64.cpu import frame_start as frame_start
from kernel.arch.aarch64.cpu import get_register as get_register
from kernel.arch.aarch64.cpu import hardware_id as hardware_id
from kernel.arch.aarch64.cpu import image_end as image_end
from kernel.arch.aarch64.cpu import image_start as image_start
from kernel.arch.aarch64.cpu import pending as pending
from kernel.arch.aarch64.cpu import put_register as put_register
from kernel.arch.aarch64.cpu import relax as relax
from kernel.arch.aarch64.cpu import repeat_call as repeat_call
from kernel.arch.aarch64.cpu import restart_machine as restart_machine
from kernel.arch.aarch64.cpu import select as select
from kernel.arch.aarch64.cpu import select_nobody as select_nobody
from kernel.arch.aarch64.cpu import setup_cpu as setup_cpu
from kernel.arch.aarch64.cpu import start_cpu as start_cpu
from kernel.arch.aarch64.cpu import stop as stop
from kernel.arch.aarch64.cpu import this_cpu as this_cpu
from kernel.arch.aarch64.cpu import wait as wait
from kernel.arch.aarch64.frame import CpuRecord as CpuRecord
from kernel.arch.aarch64.frame import Frame as Frame
from kernel.arch.aarch64.paging import BROADCASTS as BROADCASTS
from kernel.arch.aarch64.paging import DIRECT_MAP as DIRECT_MAP
from kernel.arch.aarch64.paging import LEVELS as LEVELS
from kernel.arch.aarch64.paging import MEMORY_GRAIN as MEMORY_GRAIN
from kernel.arch.aarch64.paging import PAGE_BITS as PAGE_BITS
from kernel.arch.aarch64.paging import TAGS as TAGS
from kernel.arch.aarch64.paging import USER_TOP as USER_TOP
from kernel.arch.aarch64.paging import branch as branch
from kernel.arch.aarch64.paging import entry_physical as entry_physical
from kernel.arch.aarch64.paging import entry_present as entry_present
from kernel.arch.aarch64.paging import forget_done as forget_done
from kernel.arch.aarch64.paging import forget_page as forget_page
from kernel.arch.aarch64.paging import forget_space as forget_space
from kernel.arch.aarch64.paging import leaf as leaf
from kernel.arch.aarch64.paging import map_memory as map_memory
from kernel.arch.aarch64.paging import publish_code as publish_code
from kernel.arch.aarch64.paging import space_register as space_register
from kernel.arch.aarch64.paging import tables_written as tables_written

NAME: Final = "aarch64"
