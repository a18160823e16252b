"""How UEFI firmware starts the loader on x86-64, and how the loader starts the kernel (UEFI 2.10, section 2.3.4).

The kernel is entered as PVH says ("x86/HVM direct boot ABI" of Xen): in 32-bit mode without paging, with a map of
memory and the root of the ACPI tables in a record that EBX points to.
"""

from __future__ import annotations

from typing import Final, NoReturn

from abi.loading import SystemRecord
from loader.memory import PAGE, MemoryEntry, MemoryMap, is_free
from metal import U32, Array, Ptr, addr_of, array, asm, asm64, export, naked, ptr_at, struct, u32, u64

UNSAFE: Final = True

# The file that firmware looks for and the number of the machine in it; in ELF, the relocation for an own address.
FILE_NAME: Final = "BOOTX64.EFI"
FILE_MACHINE: Final = 0x8664
OWN_ADDRESS: Final = 8

# The root of the ACPI tables: 8868e871-e4f1-11d3-bc22-0080c73c8881, in two halves as it lies in memory.
MACHINE_TABLE_LOW: Final = 0x11D3_E4F1_8868_E871
MACHINE_TABLE_HIGH: Final = 0x8188_3CC7_8000_22BC

REACH: Final = 1 << 32
"""The way to the kernel leads through 32-bit mode."""

START_MAGIC: Final = 0x336E_C578
START_VERSION: Final = 1
USABLE: Final = 1
STRETCHES: Final = 64


@struct
class Stretch:
    """One entry of PVH's map of memory."""

    start: u64 = 0
    bytes_used: u64 = 0
    kind: u32 = 0
    reserved: u32 = 0


@struct
class StartInformation:
    """What EBX points to."""

    magic: u32 = START_MAGIC
    version: u32 = START_VERSION
    flags: u32 = 0
    module_count: u32 = 0
    modules: u64 = 0
    command_line: u64 = 0
    root_pointer: u64 = 0
    map: u64 = 0
    map_count: u32 = 0
    reserved: u32 = 0


stretches: Array[Stretch] = array(STRETCHES)
information: StartInformation = StartInformation()


@naked
@export
def uefi_start() -> None:
    """Firmware calls it by its own convention: RCX = the handle of the loader, RDX = the system table."""
    asm("""
    movq    %rcx, %rdi
    movq    %rdx, %rsi
    jmp     _start
    """)


def call_firmware(function: u64, first: u64, second: u64, third: u64, fourth: u64, fifth: u64) -> u64:
    """Calls a function of the firmware: four arguments in registers, the fifth on the stack behind their room."""
    return asm64(
        """
        movq    %%rsp, %%r10
        subq    $64, %%rsp
        andq    $-16, %%rsp
        movq    %%r10, 48(%%rsp)
        movq    %2, %%rcx
        movq    %3, %%rdx
        movq    %4, %%r8
        movq    %5, %%r9
        movq    %6, %%r10
        movq    %%r10, 32(%%rsp)
        call    *%1
        movq    48(%%rsp), %%rsp
        movq    %%rax, %0
        """,
        function, first, second, third, fourth, fifth,
        clobber="rax,rcx,rdx,r8,r9,r10,r11,cc",
    )  # fmt: skip


def find_processor(services: u64) -> u64:
    """The kernel finds out by itself which CPU runs."""
    return 0


def hand_over(system: Ptr[SystemRecord], tables: u64, processor: u64, memory: Ptr[MemoryMap]) -> NoReturn:
    """Tells the kernel what firmware told, and enters it."""
    information.root_pointer = tables
    information.map = addr_of(stretches)
    information.map_count = U32(list_memory(memory))
    leave(system.entry, addr_of(information))
    while True:
        pass


def list_memory(memory: Ptr[MemoryMap]) -> u64:
    """Joins what is free side by side, for firmware has many kinds of free memory; how many stretches that makes."""
    count: u64 = 0
    place: u64 = 0
    while place < memory.bytes_used:
        entry = ptr_at(MemoryEntry, memory.address + place)
        place += memory.entry_bytes
        if not is_free(entry.kind):
            continue
        if count > 0 and stretches[count - 1].start + stretches[count - 1].bytes_used == entry.start:
            stretches[count - 1].bytes_used += entry.pages * PAGE
        elif count < STRETCHES:
            stretches[count].start = entry.start
            stretches[count].bytes_used = entry.pages * PAGE
            stretches[count].kind = USABLE
            count += 1
    return count


@naked
@export
def leave(entry: u64, start: u64) -> None:
    """From long mode to protected mode: a descriptor of 32-bit code, then paging and long mode off (AMD64 2, 14.7)."""
    asm("""
    cli
    leaq    descriptors(%rip), %rax
    movq    %rax, pointer + 2(%rip)
    lgdt    pointer(%rip)
    movl    %esi, %ebx
    leaq    narrow(%rip), %rax
    pushq   $8
    pushq   %rax
    lretq

    .code32
narrow:
    movl    $16, %eax
    movw    %ax, %ds
    movw    %ax, %es
    movw    %ax, %ss
    movl    %cr0, %eax
    andl    $0x7fffffff, %eax
    movl    %eax, %cr0
    movl    $0xc0000080, %ecx
    rdmsr
    andl    $0xfffffeff, %eax
    wrmsr
    jmpl    *%edi
    .code64

    .pushsection .data, "aw"
    .balign 8
descriptors:
    .quad   0
    .quad   0x00cf9b000000ffff          # 32-bit code
    .quad   0x00cf93000000ffff          # data
pointer:
    .word   23
    .quad   0
    .popsection
    """)
