"""How UEFI firmware starts the loader on LoongArch, and how the loader starts the kernel (UEFI 2.10, section 2.3.8)."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.loading import SystemRecord
from loader.memory import MemoryMap
from metal import Ptr, asm, asm64, export, naked, u64

UNSAFE: Final = True

# The file that firmware looks for and the number of the machine in it; in ELF, the relocation for an own address.
FILE_NAME: Final = "BOOTLOONGARCH64.EFI"
FILE_MACHINE: Final = 0x6264
OWN_ADDRESS: Final = 3

# The table with the device tree: b1b621d5-f19c-41a5-830b-d9152c69aae0, in two halves as it lies in memory.
MACHINE_TABLE_LOW: Final = 0x41A5_F19C_B1B6_21D5
MACHINE_TABLE_HIGH: Final = 0xE0AA_692C_15D9_0B83

REACH: Final = 1 << 63
"""The kernel is entered from wherever the loader is."""


@naked
@export
def uefi_start() -> None:
    """Firmware calls it as a C function: a0 = the handle of the loader, a1 = the system table."""
    asm("b metal_start")


def call_firmware(function: u64, first: u64, second: u64, third: u64, fourth: u64, fifth: u64) -> u64:
    """Calls a function of the firmware, whose convention is that of C."""
    return asm64(
        """
        move    $a0, %2
        move    $a1, %3
        move    $a2, %4
        move    $a3, %5
        move    $a4, %6
        jirl    $ra, %1, 0
        move    %0, $a0
        """,
        function, first, second, third, fourth, fifth,
        clobber="$a0,$a1,$a2,$a3,$a4,$a5,$a6,$a7,$t0,$t1,$t2,$t3,$t4,$t5,$t6,$t7,$t8,$ra",
    )  # fmt: skip


def find_processor(services: u64) -> u64:
    """The kernel finds out by itself which CPU runs."""
    return 0


def hand_over(system: Ptr[SystemRecord], tables: u64, processor: u64, memory: Ptr[MemoryMap]) -> NoReturn:
    """Enters the kernel as after a reset: interrupts off, addresses taken as they are; it finds the rest itself."""
    leave(system.entry)
    while True:
        pass


@naked
@export
def leave(entry: u64) -> None:
    """CRMD: privilege 0, no interrupts, no translation, cached (volume 1, 7.4.1); IBAR before what was copied runs."""
    asm("""
    dbar    0
    ibar    0
    ori     $t0, $zero, 0xa8
    csrwr   $t0, 0x0
    jr      $a0
    """)
