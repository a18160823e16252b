"""From the firmware's last instruction to `kernel_main`: the image's header, the MMU, the first stack."""

from typing import Final

from metal import asm, export, naked, section

UNSAFE: Final = True


@naked
@export
@section(".text.header")
def image_header() -> None:
    """The 64 bytes in front of a RISC-V Image; the first word jumps over them, so that they are also the entry."""
    asm("""
    .option push
    .option norvc
    j       start_first
    .option pop
    .long   0
    .quad   0x200000                # text offset: behind the firmware's 2 MiB
    .quad   __image_bytes           # the builder adds what it appends
    .quad   0                       # little endian
    .long   2, 0                    # version of the header
    .quad   0
    .quad   0x5643534952            # "RISCV"
    .long   0x05435352, 0           # "RSC", 5
    """)


@naked
@export
@section(".text.start")
def start_first() -> None:
    """The first CPU: builds the first tables, turns the MMU on and calls `kernel_main(device tree)`."""
    asm("""
    csrw    sie, zero
    csrw    sscratch, zero
    mv      s1, a1
    li      s0, 0
    la      sp, __boot_stack_end
    call    make_boot_tables
    call    start_translation
    mv      a0, s1
    call    kernel_main
1:  wfi
    j       1b
    """)


@naked
@export
@section(".text.start")
def start_other() -> None:
    """Another CPU, from HSM hart_start: a1 = virtual address of its record, on top of its stack."""
    asm("""
    csrw    sie, zero
    csrw    sscratch, zero
    mv      s1, a1
    li      s0, 0
    call    start_translation
    mv      sp, s1
    mv      a0, s1
    call    kernel_secondary
    j       resume
    """)


@naked
@export
@section(".text.start")
def start_translation() -> None:
    """Turns the MMU on and returns to the caller at its high address, with the stack pointer moved too.

    The instruction behind the write of satp has no translation any more, and its fault goes to stvec: to the same
    place, high. So the kernel needs no mapping of low addresses.
    """
    asm("""
    li      t1, 0xffffffc000000000
    la      t0, 1f
    add     t0, t0, t1
    csrw    stvec, t0
    add     ra, ra, t1
    add     sp, sp, t1
    la      t0, __boot_tables
    srli    t0, t0, 12
    li      t2, 8                   # Sv39
    slli    t2, t2, 60
    or      t0, t0, t2
    sfence.vma
    csrw    satp, t0
    .balign 4
1:  sfence.vma
    ret
    """)
