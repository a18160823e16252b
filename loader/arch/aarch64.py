"""How UEFI firmware starts the loader on ARM, and how the loader starts the kernel (UEFI 2.10, section 2.3.6)."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.loading import SystemRecord
from loader.memory import MemoryMap
from metal import Ptr, asm, asm64, export, naked, u64

UNSAFE: Final = True

# The file that firmware looks for and the number of the machine in it; in ELF, the relocation for an own address.
FILE_NAME: Final = "BOOTAA64.EFI"
FILE_MACHINE: Final = 0xAA64
OWN_ADDRESS: Final = 1027

# The table with the device tree: b1b621d5-f19c-41a5-830b-d9152c69aae0, in two halves as it lies in memory.
MACHINE_TABLE_LOW: Final = 0x41A5_F19C_B1B6_21D5
MACHINE_TABLE_HIGH: Final = 0xE0AA_692C_15D9_0B83

REACH: Final = 1 << 63
"""The kernel is entered from wherever the loader is."""


@naked
@export
def uefi_start() -> None:
    """Firmware calls it as a C function: x0 = the handle of the loader, x1 = the system table."""
    asm("b metal_start")


def call_firmware(function: u64, first: u64, second: u64, third: u64, fourth: u64, fifth: u64) -> u64:
    """Calls a function of the firmware, whose convention is that of C."""
    return asm64(
        """
        mov     x0, %2
        mov     x1, %3
        mov     x2, %4
        mov     x3, %5
        mov     x4, %6
        blr     %1
        mov     %0, x0
        """,
        function, first, second, third, fourth, fifth,
        clobber="x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17,x18,x30,cc",
    )  # fmt: skip


def find_processor(services: u64) -> u64:
    """The kernel finds out by itself which CPU runs."""
    return 0


def hand_over(system: Ptr[SystemRecord], tables: u64, processor: u64, memory: Ptr[MemoryMap]) -> NoReturn:
    """Enters the kernel as the arm64 boot protocol says: MMU and caches off, interrupts masked, x0 = device tree."""
    leave(system.entry, system.bytes_used, tables)
    while True:
        pass


@naked
@export
def leave(entry: u64, bytes_used: u64, tables: u64) -> None:
    """What was copied must be in memory before the caches are off ("Cache maintenance", ARM DDI 0487, D7)."""
    asm("""
    msr     daifset, #0xf
    mrs     x4, ctr_el0
    ubfx    x4, x4, #16, #4
    mov     x5, #4
    lsl     x5, x5, x4              // bytes of a line of the data cache
    add     x6, x0, x1
    sub     x7, x5, #1
    bic     x8, x0, x7
1:  dc      civac, x8
    add     x8, x8, x5
    cmp     x8, x6
    b.lo    1b
    dsb     sy
    mov     x9, #0x1005             // SCTLR: instruction cache, data cache, MMU
    mrs     x10, currentel
    cmp     x10, #8
    b.eq    2f
    mrs     x11, sctlr_el1
    bic     x11, x11, x9
    msr     sctlr_el1, x11
    b       3f
2:  mrs     x11, sctlr_el2
    bic     x11, x11, x9
    msr     sctlr_el2, x11
3:  isb
    ic      iallu
    dsb     sy
    isb
    mov     x16, x0
    mov     x0, x2
    mov     x1, xzr
    mov     x2, xzr
    mov     x3, xzr
    br      x16
    """)
