"""The registers of coprocessor 0 and the instructions this port uses, by the names of the MIPS64 manuals."""

from typing import Final

from metal import asm, asm64, export, naked, u64

UNSAFE: Final = True


def read_this_cpu() -> u64:
    """gp, which holds the CPU's record while the kernel runs."""
    return asm64("move %0, $28")


def write_this_cpu(value: u64) -> None:
    asm("move $28, %0", value)


def read_status() -> u64:
    return asm64("mfc0 %0, $12")


def write_status(value: u64) -> None:
    asm("mtc0 %0, $12\nehb", value)


def read_cause() -> u64:
    return asm64("mfc0 %0, $13")


def write_vector_base(value: u64) -> None:
    """EBase; the address is one of kseg0."""
    asm("mtc0 %0, $15, 1\nehb", value)


def write_page_grain(value: u64) -> None:
    asm("mtc0 %0, $5, 1\nehb", value)


def write_page_mask(value: u64) -> None:
    asm("mtc0 %0, $5", value)


def write_wired(value: u64) -> None:
    """How many entries of the translation buffer TLBWR leaves alone."""
    asm("mtc0 %0, $6", value)


def write_program_registers(value: u64) -> None:
    """HWREna: which hardware registers programs may read with RDHWR."""
    asm("mtc0 %0, $7", value)


def write_thread_pointer(value: u64) -> None:
    """UserLocal."""
    asm("dmtc0 %0, $4, 2", value)


def read_buffer_bits() -> u64:
    """Config1.MMUSize, the translation buffer's entries less one."""
    return asm64("mfc0 %0, $16, 1\next %0, %0, 25, 6")


def read_entry_high() -> u64:
    return asm64("dmfc0 %0, $10")


def write_entry_high(value: u64) -> None:
    """EntryHi: the tag of the space that is translated, and the page that TLBP looks for."""
    asm("dmtc0 %0, $10\nehb", value)


def find_entry() -> u64:
    """TLBP: the index of the entry for EntryHi; with bit 31 set when there is none."""
    return asm64("tlbp\nehb\nmfc0 %0, $0")


def read_entry(index: u64) -> u64:
    """TLBR: EntryHi of the entry with this index."""
    return asm64("mtc0 %1, $0\nehb\ntlbr\nehb\ndmfc0 %0, $10", index)


def empty_entry(index: u64, page: u64) -> None:
    """TLBWI: the entry with this index translates nothing, under a page that no other entry has."""
    asm("mtc0 %0, $0\ndmtc0 %1, $10\ndmtc0 $0, $2\ndmtc0 $0, $3\nehb\ntlbwi\nehb", index, page)


def read_count() -> u64:
    """Count, 32 bits."""
    return asm64("mfc0 %0, $9\ndext %0, %0, 0, 32")


def write_compare(value: u64) -> None:
    """Compare: the interrupt comes when Count is equal; writing takes it back."""
    asm("mtc0 %0, $11\nehb", value)


def publish_line(address: u64) -> None:
    """SYNCI: the instruction cache sees what was written to this line."""
    asm("synci 0(%0)", address)


def finish_stores() -> None:
    """SYNC: memory and devices see every earlier access before every later one."""
    asm("sync")


@naked
@export
def forget_fetched() -> None:
    """Instructions that were fetched before are fetched anew: the return is a jump with a hazard barrier (JR.HB)."""
    asm(".set push\n.set noreorder\njr.hb $31\nnop\n.set pop")


def write_word(address: u64, value: u64) -> None:
    """One register of a device."""
    asm("sw %1, 0(%0)\nsync", address, value)


def write_half(address: u64, value: u64) -> None:
    """One register of a device, of two bytes."""
    asm("sh %1, 0(%0)\nsync", address, value)


def ask_debugger(operation: u64, argument: u64) -> None:
    """A call of the Unified Hosting Interface (MD01069): an emulator or a debugger answers it."""
    asm("move $25, %0\nmove $4, %1\nsdbbp 1", operation, argument, clobber="$4,$25")
