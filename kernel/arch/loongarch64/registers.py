"""The control and status registers this port uses, by the names of the LoongArch Reference Manual, volume 1 (v1.10)."""

from typing import Final

from metal import asm, asm64, u64

UNSAFE: Final = True


def read_this_cpu() -> u64:
    """SAVE0, which always holds the CPU's record."""
    return asm64("csrrd %0, 0x30")


def write_this_cpu(value: u64) -> None:
    asm("move $t0, %0\ncsrwr $t0, 0x30", value, clobber="$t0")


def read_cpu_number() -> u64:
    """CPUID."""
    return asm64("csrrd %0, 0x20")


def write_previous_mode(value: u64) -> None:
    """PRMD: what ERTN returns to."""
    asm("move $t0, %0\ncsrwr $t0, 0x1", value, clobber="$t0")


def write_units(value: u64) -> None:
    """EUEN: which extended units may be used."""
    asm("move $t0, %0\ncsrwr $t0, 0x2", value, clobber="$t0")


def write_exception_configuration(value: u64) -> None:
    """ECFG: which interrupts are listened to, and how far apart the vectors are."""
    asm("move $t0, %0\ncsrwr $t0, 0x4", value, clobber="$t0")


def read_exception_status() -> u64:
    """ESTAT: the code of the last exception, and which interrupts are pending."""
    return asm64("csrrd %0, 0x5")


def read_pending() -> u64:
    """Which interrupts are pending, of those that are listened to."""
    return asm64("csrrd %0, 0x5\ncsrrd $t0, 0x4\nand %0, %0, $t0\nbstrpick.d %0, %0, 12, 0", clobber="$t0")


def read_bad_address() -> u64:
    """BADV."""
    return asm64("csrrd %0, 0x7")


def read_bad_instruction() -> u64:
    """BADI."""
    return asm64("csrrd %0, 0x8")


def write_vector_base(value: u64) -> None:
    """EENTRY."""
    asm("move $t0, %0\ncsrwr $t0, 0xc", value, clobber="$t0")


def write_refill_vector(value: u64) -> None:
    """TLBRENTRY, a physical address."""
    asm("move $t0, %0\ncsrwr $t0, 0x88", value, clobber="$t0")


def write_refill_page_size(bits: u64) -> None:
    """TLBREHI.PS and STLBPS: of what the refill fills in."""
    asm("move $t0, %0\ncsrwr $t0, 0x8e", bits, clobber="$t0")
    asm("move $t0, %0\ncsrwr $t0, 0x1e", bits, clobber="$t0")


def write_walk(lower: u64, higher: u64) -> None:
    """PWCL and PWCH: which bits of an address choose the entry at which level."""
    asm("move $t0, %0\ncsrwr $t0, 0x1c", lower, clobber="$t0")
    asm("move $t0, %0\ncsrwr $t0, 0x1d", higher, clobber="$t0")


def write_space(root: u64, tag: u64) -> None:
    """PGDL and ASID."""
    asm("move $t0, %0\ncsrwr $t0, 0x19", root, clobber="$t0")
    asm("move $t0, %0\ncsrwr $t0, 0x18", tag, clobber="$t0")


def forget_all() -> None:
    asm("invtlb 0, $zero, $zero")


def forget_translation(address: u64, tag: u64) -> None:
    """INVTLB 5: entries of this tag for this address."""
    asm("invtlb 5, %1, %0", address, tag)


def forget_tag(tag: u64) -> None:
    """INVTLB 4: all entries of this tag."""
    asm("invtlb 4, %0, $zero", tag)


def finish_stores() -> None:
    """Memory and devices see every earlier access before every later one."""
    asm("dbar 0")


def fetch_anew() -> None:
    """Later instructions are fetched as they were stored before, on this CPU."""
    asm("ibar 0")


def wait_for_interrupt() -> None:
    """IDLE: ends with a pending interrupt that ECFG lets through, even while CRMD masks all."""
    asm("dbar 0\nidle 0")


def spin_hint() -> None:
    asm("nop")


def read_counter() -> u64:
    """The stable counter, which is the same on every CPU."""
    return asm64("rdtime.d %0, $zero")


def read_counter_rate() -> u64:
    """Ticks of the stable counter a second: CPUCFG words 4 and 5, crystal times multiplier by divider."""
    return asm64(
        """
    li.w    $t0, 4
    cpucfg  %0, $t0
    li.w    $t0, 5
    cpucfg  $t0, $t0
    bstrpick.d $t1, $t0, 15, 0
    mul.d   %0, %0, $t1
    bstrpick.d $t1, $t0, 31, 16
    div.du  %0, %0, $t1
    """,
        clobber="$t0,$t1",
    )


def write_timer(value: u64) -> None:
    """TCFG, after TICLR took away the interrupt of before."""
    asm("li.w $t0, 1\ncsrwr $t0, 0x44\nmove $t0, %0\ncsrwr $t0, 0x41", value, clobber="$t0")


def read_io(register: u64) -> u64:
    """A register of the CPU's own controllers (IOCSR)."""
    return asm64("iocsrrd.w %0, %1", register)


def write_io(register: u64, value: u64) -> None:
    asm("iocsrwr.w %1, %0", register, value)


def write_io_wide(register: u64, value: u64) -> None:
    asm("iocsrwr.d %1, %0", register, value)
