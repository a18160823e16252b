"""The control registers and firmware calls this port uses, by the names of the RISC-V manuals and of SBI."""

from typing import Final

from metal import asm, asm64, u64

UNSAFE: Final = True


def read_this_cpu() -> u64:
    """tp, which holds the CPU's record while the kernel runs."""
    return asm64("mv %0, tp")


def write_this_cpu(value: u64) -> None:
    asm("mv tp, %0", value)


def write_vector_base(value: u64) -> None:
    """stvec, with one entry for everything."""
    asm("csrw stvec, %0", value)


def read_status() -> u64:
    return asm64("csrr %0, sstatus")


def clear_status(bits: u64) -> None:
    asm("csrc sstatus, %0", bits)


def set_status(bits: u64) -> None:
    asm("csrs sstatus, %0", bits)


def write_program_counters(bits: u64) -> None:
    """scounteren: which counters programs may read."""
    asm("csrw scounteren, %0", bits)


def write_space(value: u64) -> None:
    asm("csrw satp, %0", value)


def read_space() -> u64:
    return asm64("csrr %0, satp")


def forget_all() -> None:
    """Orders every earlier write of a page table before later translations here, and drops what was remembered."""
    asm("sfence.vma")


def forget_translation(address: u64, tag: u64) -> None:
    asm("sfence.vma %0, %1", address, tag)


def forget_tag(tag: u64) -> None:
    asm("sfence.vma zero, %0", tag)


def fetch_anew() -> None:
    """Later instructions are fetched as they were stored before, on this CPU."""
    asm("fence.i")


def finish_stores() -> None:
    """Memory and devices see every earlier access before every later one."""
    asm("fence iorw, iorw")


def write_word(address: u64, value: u64) -> None:
    """One register of a device."""
    asm("sw %1, 0(%0)\nfence iorw, iorw", address, value)


def wait_for_interrupt() -> None:
    """WFI: ends with a pending interrupt that `sie` lets through, even while all are masked."""
    asm("fence iorw, iorw\nwfi")


def spin_hint() -> None:
    """PAUSE, which is a fence of nothing to a CPU that does not know it."""
    asm(".word 0x0100000f")


def read_pending() -> u64:
    """Which kinds of interrupt are pending, of those that are listened to."""
    return asm64("csrr %0, sip\ncsrr t0, sie\nand %0, %0, t0", clobber="t0")


def enable_interrupts(bits: u64) -> None:
    asm("csrs sie, %0", bits)


def clear_pending(bits: u64) -> None:
    asm("csrc sip, %0", bits)


def read_counter() -> u64:
    return asm64("rdtime %0")


def write_timer_deadline(value: u64) -> None:
    """stimecmp, of the extension Sstc."""
    asm("csrw 0x14d, %0", value)


def firmware_call(extension: u64, function: u64, first: u64, second: u64, third: u64, fourth: u64) -> u64:
    """A call of the Supervisor Binary Interface; its error, 0 when there is none."""
    return asm64(
        "mv a7, %1\nmv a6, %2\nmv a0, %3\nmv a1, %4\nmv a2, %5\nmv a3, %6\necall\nmv %0, a0",
        extension, function, first, second, third, fourth,
        clobber="a0,a1,a2,a3,a4,a5,a6,a7,t0,t1,t2",
    )  # fmt: skip
