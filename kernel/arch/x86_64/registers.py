"""The control registers and instructions this port uses, by the names of the Intel manual."""

from typing import Final

from metal import Array, Ptr, addr_of, array, asm, asm64, struct, u32, u64

UNSAFE: Final = True

PORTS: Final = 0x1_0000
"""How many ports there are."""


def read_this_cpu() -> u64:
    """The record's own address, in the record that GS leads to while the kernel runs."""
    return asm64("movq %%gs:8, %0")


def write_model_register(number: u64, value: u64) -> None:
    """WRMSR."""
    asm(
        "movq %0, %%rcx\nmovq %1, %%rax\nmovq %%rax, %%rdx\nshrq $32, %%rdx\nwrmsr",
        number, value, clobber="rax,rcx,rdx",
    )  # fmt: skip


@struct
class Identity:
    """What a leaf of CPUID says: EAX, EBX, ECX, EDX."""

    words: Array[u32] = array(4)


def identify(leaf: u64, identity: Ptr[Identity]) -> None:
    """CPUID, subleaf 0."""
    asm("""
    movq    %0, %%rax
    xorl    %%ecx, %%ecx
    cpuid
    movl    %%eax, (%1)
    movl    %%ebx, 4(%1)
    movl    %%ecx, 8(%1)
    movl    %%edx, 12(%1)
    """, leaf, addr_of(identity), clobber="rax,rbx,rcx,rdx")  # fmt: skip


def load_tables(descriptors: u64, descriptors_limit: u64, vectors: u64, vectors_limit: u64, task: u64) -> None:
    """LGDT, LIDT and LTR; the selectors of data become null, as 64-bit code needs none."""
    asm("""
    subq    $16, %%rsp
    movw    %w1, 6(%%rsp)
    movq    %0, 8(%%rsp)
    lgdt    6(%%rsp)
    movw    %w3, 6(%%rsp)
    movq    %2, 8(%%rsp)
    lidt    6(%%rsp)
    addq    $16, %%rsp
    ltr     %w4
    xorl    %%eax, %%eax
    movw    %%ax, %%ds
    movw    %%ax, %%es
    movw    %%ax, %%fs
    movw    %%ax, %%gs
    """, descriptors, descriptors_limit, vectors, vectors_limit, task, clobber="rax")  # fmt: skip


def clear_selectors() -> None:
    """Programs may load selectors of data, which mean nothing to them: the next program finds none.

    The hidden base of GS is the kernel's, and a null selector may clear the visible one.
    """
    asm("""
    movl    %%ds, %%eax
    movl    %%es, %%ecx
    orl     %%ecx, %%eax
    movl    %%fs, %%ecx
    orl     %%ecx, %%eax
    movl    %%gs, %%ecx
    orl     %%ecx, %%eax
    jz      1f
    xorl    %%eax, %%eax
    movw    %%ax, %%ds
    movw    %%ax, %%es
    movw    %%ax, %%fs
    swapgs
    movw    %%ax, %%gs
    swapgs
1:
    """, clobber="rax,rcx")  # fmt: skip


def load_vectors(image: u64) -> None:
    """FXRSTOR; before it, the addresses of the last x87 instruction and operand are overwritten, which some CPUs leave
    alone (AMD64 Architecture, volume 5, "FXRSTOR")."""
    asm("fnclex\nemms\nfildl %%gs:0\nfxrstor64 (%0)", image)


def read_control() -> u64:
    """CR4."""
    return asm64("movq %%cr4, %0")


def write_control(value: u64) -> None:
    """CR4."""
    asm("movq %0, %%cr4", value)


def write_space(value: u64) -> None:
    """CR3; forgets every translation but the kernel's global ones."""
    asm("movq %0, %%cr3", value)


def read_space() -> u64:
    """CR3."""
    return asm64("movq %%cr3, %0")


def forget_translation(address: u64) -> None:
    """INVLPG."""
    asm("invlpg (%0)", address)


def read_word(address: u64) -> u64:
    """One register of a device in memory."""
    return asm64("movl (%1), %k0", address)


def exchange(address: u64, value: u64) -> u64:
    """XCHG with eight bytes of memory, in one step for every CPU; what was there."""
    return asm64("movq %2, %%rax\nxchgq %%rax, (%1)\nmovq %%rax, %0", address, value, clobber="rax")


def read_long(address: u64) -> u64:
    """Eight bytes of memory, as another CPU may change them."""
    return asm64("movq (%1), %0", address)


def write_word(address: u64, value: u64) -> None:
    """One register of a device in memory."""
    asm("movl %k1, (%0)", address, value)


def read_port(port: u64, size: u64) -> u64:
    """IN, of 1, 2 or 4 bytes."""
    if size == 1:
        return asm64("movl %k1, %%edx\nxorl %%eax, %%eax\ninb %%dx, %%al\nmovl %%eax, %k0", port, clobber="rax,rdx")
    if size == 2:
        return asm64("movl %k1, %%edx\nxorl %%eax, %%eax\ninw %%dx, %%ax\nmovl %%eax, %k0", port, clobber="rax,rdx")
    return asm64("movl %k1, %%edx\ninl %%dx, %%eax\nmovl %%eax, %k0", port, clobber="rax,rdx")


def write_port(port: u64, size: u64, value: u64) -> None:
    """OUT, of 1, 2 or 4 bytes."""
    if size == 1:
        asm("movl %k0, %%edx\nmovl %k1, %%eax\noutb %%al, %%dx", port, value, clobber="rax,rdx")
    elif size == 2:
        asm("movl %k0, %%edx\nmovl %k1, %%eax\noutw %%ax, %%dx", port, value, clobber="rax,rdx")
    else:
        asm("movl %k0, %%edx\nmovl %k1, %%eax\noutl %%eax, %%dx", port, value, clobber="rax,rdx")


def wait_for_interrupt() -> None:
    """Takes one interrupt: it cannot come between STI and HLT, and leaves the others masked."""
    asm("sti\nhlt\ncli")


def spin_hint() -> None:
    """PAUSE."""
    asm("pause")


def spend() -> None:
    """One turn of a loop that takes time, and nothing else."""
    asm("")


def stop_for_ever() -> None:
    """No interrupt ends this."""
    asm("cli\nhlt")


def shut_down() -> None:
    """A fault without vectors: the CPU gives up, and machines answer with a reset."""
    asm("pushq $0\npushq $0\nlidt (%%rsp)\nint3")


def read_counter() -> u64:
    """The time-stamp counter, once every earlier instruction is done."""
    return asm64(
        "lfence\nrdtsc\nshlq $32, %%rdx\nmovl %%eax, %%eax\norq %%rdx, %%rax\nmovq %%rax, %0", clobber="rax,rdx"
    )
