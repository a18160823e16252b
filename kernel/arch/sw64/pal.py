"""What a kernel asks of the firmware under it: the calls of SW64's HMcode, and where it shows the machine.

Most are those of Alpha's PALcode by number and meaning. What differs was learned from the port of Linux and from the
public emulator of the third core, whose own instructions travel in a word that the translator knows (`.long 0x64...`).
"""

from typing import Final

from metal import asm, asm64, raw, symbol_address, u64

UNSAFE: Final = True

PAGE_BITS: Final = 13
LEVELS: Final = 4
USER_TOP: Final = 0x8000_0000_0000
NUMBER_SHIFT: Final = 28
PRESENT: Final = 1 << 0
NO_WRITE: Final = 1 << 2
NO_EXECUTE: Final = 1 << 3
KERNEL_READ: Final = 1 << 10
USER_READ: Final = 1 << 11
KERNEL_WRITE: Final = 1 << 14
USER_WRITE: Final = 1 << 15

GUARDS_VECTORS: Final = False
"""Floating-point registers are open to everybody, so that each program's are saved and loaded with it."""

NUMBERS: Final = """\
    .equ    RTI, 0x3f
    .equ    RDUSP, 0x3a
    .equ    SWPIPL, 0x35
    .equ    WRUSP, 0x38
    .equ    MACHINE_CHECK, 63       # kinds of interrupt: none of these two
    .equ    DEVICE, 63
    .comm   cpu_records, 256, 8     # of 32 CPUs: firmware keeps no word of the kernel's
    .macro  read_record             # to $0, by WHAMI
    call_pal 0x3c
    lda     $1, cpu_records
    s8addq  $0, $1, $1
    ldq     $0, 0($1)
    .endm
"""

KERNEL_BASE: Final = 0xFFF0_0000_0000_0000
"""Physical addresses, memory and devices, without any table."""
DEVICE_BASE: Final = KERNEL_BASE

ENTRY_INTERRUPT: Final = 0
ENTRY_ARITHMETIC: Final = 1
ENTRY_MEMORY: Final = 2
ENTRY_INSTRUCTION: Final = 3
ENTRY_UNALIGNED: Final = 4
ENTRY_SYSTEM: Final = 5

CLOCK_RATE: Final = 3_000_000_000


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
    """Where the vectors find the CPU's record."""
    raw(u64, symbol_address("cpu_records"))[read_hardware_id()] = value


def read_this_cpu() -> u64:
    """The address of the CPU's record."""
    return raw(u64, symbol_address("cpu_records"))[read_hardware_id()]


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
    """WRPTBR: translations are of the space with this root table from here on, and none is remembered."""
    asm("mov %0, $16\ncall_pal 0x0c", root, clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")
    forget(EVERYTHING, 0)


def open_vectors(yes: u64) -> None:
    """They are always open."""


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
    """HALT, an instruction: until an interrupt is pending, though all are masked."""
    asm(".long 0x67ff0080")


def note_interrupts() -> None:
    """SWPIPL, down and up again: what is pending comes, and is noted by the vectors, which mask the rest."""
    asm(
        "mov $31, $16\ncall_pal 0x35\nlda $16, 7($31)\ncall_pal 0x35",
        clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25",
    )  # fmt: skip


def interrupt_cpu(hardware: u64) -> None:
    """SENDII."""
    asm("mov %0, $16\nmov $31, $17\ncall_pal 0x3e", hardware, clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def read_clock() -> u64:
    """RTC: ticks of CLOCK_RATE since the machine began."""
    return asm64("rpcc %0")


def set_alarm(ticks: u64) -> None:
    """WRTIMER: the clock's interrupt comes once, after so many ticks; the emulator's after 4 ms whatever is asked."""
    asm("mov %0, $16\ncall_pal 0x3b", ticks, clobber="$0,$1,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25")


def finish_stores() -> None:
    """MEMB: memory and devices see every earlier access before every later one."""
    asm("mb")


POWERS_OFF: Final = False


def power_off() -> None:
    """HALT, which leaves the processor stopped."""
    asm("call_pal 0x00")


def write_byte(address: u64, value: u64) -> None:
    """One register of a device."""
    asm("stb %1, 0(%0)\nmb", address, value)
