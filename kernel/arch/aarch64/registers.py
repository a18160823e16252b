"""The system registers this port uses, by the names of the Arm Architecture Reference Manual, ARM DDI 0487."""

from typing import Final

from metal import asm, asm64, u64

UNSAFE: Final = True


def read_mpidr() -> u64:
    return asm64("mrs %0, mpidr_el1")


def read_cache_type() -> u64:
    return asm64("mrs %0, ctr_el0")


def read_pending() -> u64:
    """ISR_EL1: which kinds of interrupt are pending."""
    return asm64("mrs %0, isr_el1")


def read_cpu_record() -> u64:
    return asm64("mrs %0, tpidr_el1")


def write_cpu_record(value: u64) -> None:
    asm("msr tpidr_el1, %0", value)


def write_vector_base(value: u64) -> None:
    asm("msr vbar_el1, %0", value)


def write_vector_gate(value: u64) -> None:
    """CPACR_EL1: what programs may do with the vector registers."""
    asm("msr cpacr_el1, %0", value)


def write_space(value: u64) -> None:
    """TTBR0_EL1. ERET synchronizes: "Context synchronization event" (glossary), so nothing else is needed."""
    asm("msr ttbr0_el1, %0", value)


def write_thread_pointer(value: u64) -> None:
    asm("msr tpidr_el0, %0", value)


def close_program_registers() -> None:
    """What a program could otherwise read or leave behind: counters, timers, debug and performance registers."""
    asm("""
    msr     cntkctl_el1, xzr
    msr     pmuserenr_el0, xzr
    msr     tpidrro_el0, xzr
    msr     mdscr_el1, xzr
    """)


def open_cycle_counter() -> None:
    """PMCCNTR_EL0 counts, and programs read it: for measuring only."""
    asm("msr pmcr_el0, %0\nmsr pmccfiltr_el0, xzr\nmsr pmcntenset_el0, %1\nmsr pmuserenr_el0, %0", 1, 0x8000_0000)


def synchronize() -> None:
    """Later instructions see earlier writes of system registers."""
    asm("isb")


def finish_stores() -> None:
    """Every earlier store is visible to the table walker: "Ordering of memory accesses from translation" (D8)."""
    asm("dsb ishst")


def finish_all() -> None:
    """Every earlier store, cache and TLB operation is complete on every CPU of the inner shareable domain (B2)."""
    asm("dsb ish")


def forget_translation(value: u64) -> None:
    """TLBI VAE1IS: one page of one ASID, on every CPU, walk caches included: "TLB maintenance instructions" (D8)."""
    asm("tlbi vae1is, %0", value)


def forget_tag(value: u64) -> None:
    """TLBI ASIDE1IS: every page of one ASID, on every CPU: "TLB maintenance instructions" (D8)."""
    asm("tlbi aside1is, %0", value)


def clean_data_line(address: u64) -> None:
    """DC CVAU: to where instructions are fetched from: "Cache maintenance instructions" (D7)."""
    asm("dc cvau, %0", address)


def store_for_waiting(address: u64, value: u64) -> None:
    """A word for CPUs that wait (WFE) with their caches off: DC CVAC, "Cache maintenance instructions" (D7)."""
    asm("str %1, [%0]\ndc cvac, %0\ndsb sy\nsev", address, value)


def forget_instruction_line(address: u64) -> None:
    """IC IVAU, on every CPU of the inner shareable domain."""
    asm("ic ivau, %0", address)


def wait_for_interrupt() -> None:
    """WFI: ends with a pending interrupt even while it is masked: "Wait for Interrupt mechanism" (D1)."""
    asm("dsb sy\nwfi")


def spin_hint() -> None:
    asm("yield")


def firmware_call(hypervisor: bool, function: u64, first: u64, second: u64, third: u64) -> u64:
    """A call to firmware, as the SMC Calling Convention (ARM DEN 0028) says."""
    return asm64(
        "mov x0, %1\nmov x1, %2\nmov x2, %3\nmov x3, %4\ncbnz %5, 1f\nsmc #0\nb 2f\n1: hvc #0\n2: mov %0, x0",
        function, first, second, third, 1 if hypervisor else 0,
        clobber="x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17",
    )  # fmt: skip


# The interrupt controller's CPU interface (GICv3) and the virtual timer.


def read_counter() -> u64:
    """CNTVCT_EL0, perhaps a few instructions early, as no barrier holds it back: "Generic Timer" (D12)."""
    return asm64("mrs %0, cntvct_el0")


def read_counter_rate() -> u64:
    return asm64("mrs %0, cntfrq_el0")


def write_timer_deadline(value: u64) -> None:
    asm("msr cntv_cval_el0, %0", value)


def write_timer_control(value: u64) -> None:
    asm("msr cntv_ctl_el0, %0\nisb", value)


def enable_interrupt_interface() -> None:
    """ICC_SRE_EL1, then every priority passes and group 1 is on: "Arm Generic Interrupt Controller", IHI 0069."""
    asm("msr s3_0_c12_c12_5, %0\nisb", 7)
    asm("msr s3_0_c4_c6_0, %0", 0xFF)
    asm("msr s3_0_c12_c12_7, %0\nisb", 1)


def claim_interrupt() -> u64:
    """ICC_IAR1_EL1."""
    return asm64("mrs %0, s3_0_c12_c12_0\ndsb sy")


def end_interrupt(value: u64) -> None:
    """ICC_EOIR1_EL1."""
    asm("msr s3_0_c12_c12_1, %0\nisb", value)


def send_interrupt(value: u64) -> None:
    """ICC_SGI1R_EL1, after the stores that the other CPU is to see."""
    asm("dsb ishst\nmsr s3_0_c12_c11_5, %0\nisb", value)
