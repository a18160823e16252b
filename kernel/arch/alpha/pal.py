"""What a kernel asks of the firmware under it: the calls of OSF/1 PALcode, and where it shows the machine.

Names and numbers are those of the "Alpha Architecture Reference Manual", fourth edition, part II-B, but for the calls
of CSERVE, which are the emulator's firmware's own. A kernel of this class knows no register of the processor itself.
"""

from typing import Final

from metal import asm, asm64, u64

UNSAFE: Final = True

# How the class's machines differ: here the first of them. Page tables have so many levels, their entries so many bits
# before a page's number; programs have the addresses below the top.
PAGE_BITS: Final = 13
LEVELS: Final = 3
USER_TOP: Final = 0x400_0000_0000
NUMBER_SHIFT: Final = 32
PRESENT: Final = 1 << 0
NO_WRITE: Final = 1 << 2
NO_EXECUTE: Final = 1 << 3
KERNEL_READ: Final = 1 << 8
USER_READ: Final = 1 << 9
KERNEL_WRITE: Final = 1 << 12
USER_WRITE: Final = 1 << 13

GUARDS_VECTORS: Final = True
"""The use of floating-point registers can be forbidden."""

NUMBERS: Final = """\
    .equ    RTI, 0x3f
    .equ    RDUSP, 0x3a
    .equ    SWPIPL, 0x35
    .equ    WRUSP, 0x38
    .equ    MACHINE_CHECK, 2        # kinds of interrupt
    .equ    DEVICE, 3
    .macro  read_record             # to $0, by RDVAL
    call_pal 0x32
    .endm
"""
"""What the vectors call, and what they are told."""

KERNEL_BASE: Final = 0xFFFF_FC00_0000_0000
"""kseg: physical addresses, cached, without any table."""
DEVICE_BASE: Final = 0xFFFF_FD00_0000_0000
"""The same for the half of physical addresses with bit 43, in which devices are."""

# Kinds of entry, as WRENT numbers them.
ENTRY_INTERRUPT: Final = 0
ENTRY_ARITHMETIC: Final = 1
ENTRY_MEMORY: Final = 2
ENTRY_INSTRUCTION: Final = 3
ENTRY_UNALIGNED: Final = 4
ENTRY_SYSTEM: Final = 5

# Services of the emulator's firmware, both in nanoseconds.
SET_ALARM: Final = 6
GET_TIME: Final = 7
CLOCK_RATE: Final = 1_000_000_000
FARTHEST: Final = 1 << 62


# What TBI forgets.
EVERYTHING: Final = 0xFFFF_FFFF_FFFF_FFFE
ONE_PAGE: Final = 3


def write_entry(address: u64, kind: u64) -> None:
    """WRENT: where the processor goes for one kind of entry."""
    asm(
        "mov %0, $16\nmov %1, $17\ncall_pal 0x34",
        address,
        kind,
        clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25",
    )


def write_kernel_pointer() -> None:
    """WRKGP: entries find the global pointer that is in use now."""
    asm("mov $29, $16\ncall_pal 0x37", clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def write_this_cpu(value: u64) -> None:
    """WRVAL: a word of the kernel's own, one on each CPU."""
    asm("mov %0, $16\ncall_pal 0x31", value, clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def read_this_cpu() -> u64:
    """RDVAL."""
    return asm64("call_pal 0x32\nmov $0, %0", clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def read_hardware_id() -> u64:
    """WHAMI."""
    return asm64("call_pal 0x3c\nmov $0, %0", clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def read_unique() -> u64:
    """RDUNIQUE: the program's own word, which it may change itself."""
    return asm64("call_pal 0x9e\nmov $0, %0", clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def write_unique(value: u64) -> None:
    """WRUNIQUE."""
    asm("mov %0, $16\ncall_pal 0x9f", value, clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def change_space(context: u64, root: u64) -> None:
    """SWPCTX (4.2.2): translations are of the space with this root table from here on, and none is remembered.

    Firmware takes root tables with whole contexts only: it saves the context that is in use and loads the one it is
    given, which is the same here but for its root table. The stack pointer is part of it.
    """
    asm(
        "stq $30, 0(%0)\nstq %1, 16(%0)\nmov %2, $16\ncall_pal 0x30",
        context,
        root >> PAGE_BITS,
        context - KERNEL_BASE,
        clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25",
    )


def open_vectors(yes: u64) -> None:
    """WRFEN: floating-point instructions are executed, by programs and by the kernel."""
    asm("mov %0, $16\ncall_pal 0x2b", yes, clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def forget(kind: u64, address: u64) -> None:
    """TBI: translations are forgotten on this CPU."""
    asm(
        "mov %0, $16\nmov %1, $17\ncall_pal 0x33",
        kind,
        address,
        clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25",
    )


def fetch_anew() -> None:
    """IMB: later instructions are fetched as they were stored before."""
    asm("call_pal 0x86", clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def wait_for_interrupt() -> None:
    """WTINT: until one is pending, though all are masked."""
    asm("mov $31, $16\ncall_pal 0x3e", clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def note_interrupts() -> None:
    """SWPIPL, down and up again: what is pending comes, and is noted by the vectors, which mask the rest."""
    asm(
        "mov $31, $16\ncall_pal 0x35\nlda $16, 7($31)\ncall_pal 0x35",
        clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25",
    )  # fmt: skip


def interrupt_cpu(hardware: u64) -> None:
    """WRIPIR."""
    asm("mov %0, $16\ncall_pal 0x0d", hardware, clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def read_clock() -> u64:
    """Ticks of CLOCK_RATE since the machine began."""
    return ask_firmware(GET_TIME, 0)


def set_alarm(at: u64) -> None:
    """The clock's interrupt comes once, at this tick."""
    ask_firmware(SET_ALARM, min(at, FARTHEST))


def ask_firmware(service: u64, value: u64) -> u64:
    """CSERVE."""
    return asm64(
        "mov %1, $16\nmov %2, $17\ncall_pal 0x09\nmov $0, %0", service, value,
        clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25",
    )  # fmt: skip


def finish_stores() -> None:
    """MB: memory and devices see every earlier access before every later one."""
    asm("mb")


def read_word(address: u64) -> u64:
    """Memory that another CPU changes."""
    return asm64("mb\nldq %0, 0(%1)", address)


POWERS_OFF: Final = True
"""Without a device for that."""


def power_off() -> None:
    """HALT, which the emulator's firmware takes for the end of the machine."""
    asm("call_pal 0x00")


def write_byte(address: u64, value: u64) -> None:
    """One register of a device."""
    asm("stb %1, 0(%0)\nmb", address, value)
