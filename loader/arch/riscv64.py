"""How UEFI firmware starts the loader on RISC-V, and how the loader starts the kernel (UEFI 2.10, section 2.3.7)."""

from __future__ import annotations

from typing import Final, NoReturn

from abi.loading import SystemRecord
from loader.memory import MemoryMap
from metal import Array, Ptr, addr_of, array, asm, asm64, export, naked, ptr_at, struct, u64

UNSAFE: Final = True

# The file that firmware looks for and the number of the machine in it; in ELF, the relocation for an own address.
FILE_NAME: Final = "BOOTRISCV64.EFI"
FILE_MACHINE: Final = 0x5064
OWN_ADDRESS: Final = 3

# The table with the device tree: b1b621d5-f19c-41a5-830b-d9152c69aae0, in two halves as it lies in memory.
MACHINE_TABLE_LOW: Final = 0x41A5_F19C_B1B6_21D5
MACHINE_TABLE_HIGH: Final = 0xE0AA_692C_15D9_0B83

REACH: Final = 1 << 63
"""The kernel is entered from wherever the loader is."""

# RISCV_EFI_BOOT_PROTOCOL (version 1.0.0), ccd15fec-6f73-4eec-8395-3e69e4b940bf: it knows the hart that booted.
LOCATE_PROTOCOL: Final = 320
BOOT_HART: Final = 8


@struct
class Word:
    """A number in memory."""

    value: u64 = 0


protocol_name: Array[u64] = array(2)
protocol: Word = Word()
hart: Word = Word()


@naked
@export
def uefi_start() -> None:
    """Firmware calls it as a C function: a0 = the handle of the loader, a1 = the system table."""
    asm("tail metal_start")


def call_firmware(function: u64, first: u64, second: u64, third: u64, fourth: u64, fifth: u64) -> u64:
    """Calls a function of the firmware, whose convention is that of C."""
    return asm64(
        """
        mv      a0, %2
        mv      a1, %3
        mv      a2, %4
        mv      a3, %5
        mv      a4, %6
        jalr    %1
        mv      %0, a0
        """,
        function, first, second, third, fourth, fifth,
        clobber="a0,a1,a2,a3,a4,a5,a6,a7,t0,t1,t2,t3,t4,t5,t6,ra",
    )  # fmt: skip


def find_processor(services: u64) -> u64:
    """The number of the hart that runs, which only firmware knows; 0 where it does not tell."""
    protocol_name[0] = 0x4EEC_6F73_CCD1_5FEC
    protocol_name[1] = 0xBF40_B9E4_693E_9583
    locate = ptr_at(Word, services + LOCATE_PROTOCOL).value
    if call_firmware(locate, addr_of(protocol_name), 0, addr_of(protocol), 0, 0) != 0:
        return 0
    tell = ptr_at(Word, protocol.value + BOOT_HART).value
    return hart.value if call_firmware(tell, protocol.value, addr_of(hart), 0, 0, 0) == 0 else 0


def hand_over(system: Ptr[SystemRecord], tables: u64, processor: u64, memory: Ptr[MemoryMap]) -> NoReturn:
    """Enters the kernel as the RISC-V boot protocol says: no translation, a0 = hart, a1 = device tree."""
    leave(processor, tables, system.entry)
    while True:
        pass


@naked
@export
def leave(processor: u64, tables: u64, entry: u64) -> None:
    """The instructions that were copied must be seen by the fetches that follow: FENCE.I."""
    asm("""
    csrw    sie, zero
    csrw    satp, zero
    sfence.vma
    fence.i
    jr      a2
    """)
