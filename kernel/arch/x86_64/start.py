"""From the firmware's last instruction to `kernel_main`: the note that names the entry, long mode, the first stack.

The protocol is PVH ("x86/HVM direct boot ABI" of Xen): the CPU arrives in 32-bit mode without paging, and EBX is the
physical address of what firmware says about the machine. The early tables show the first gigabyte twice, where it is
and in the direct map; they serve these jumps only.
"""

from typing import Final

from metal import asm, export, naked, section

UNSAFE: Final = True

TRAMPOLINE: Final = 0x8000
"""Where in the first MiB another CPU starts."""

MAILBOX: Final = TRAMPOLINE + 0xFF8
"""The record of the CPU that starts; it takes it and leaves 0."""


@naked
@export
@section(".text.header")
def image_header() -> None:
    """The first bytes of the image: how many there are."""
    asm(".quad __image_bytes")


@naked
@export
@section(".note.entry")
def entry_note() -> None:
    """The ELF note by which a boot loader finds the entry: XEN_ELFNOTE_PHYS32_ENTRY."""
    asm("""
    .long   4, 8, 18
    .asciz  "Xen"
    .quad   start_first - 0xffff800000000000
    """)


@naked
@export
@section(".text.start")
def start_first() -> None:
    """The first CPU: builds the first tables, goes to long mode and calls `kernel_main(device tree)`.

    What lies between `trampoline` and `trampoline_end` is copied low: there another CPU begins, in real mode, and goes
    on at `start_other`, where it takes its record, on top of its stack, from the mailbox.
    """
    asm("""
    .equ    HIGH, 0xffff800000000000
    .equ    MAILBOX, 0x8ff8
    .equ    EARLY_CONTROL, 0x6a0        # CR4: physical address extension, global pages, SSE and its faults
    .equ    EARLY_FEATURES, 0x901       # EFER: no-execute, long mode, SYSCALL
    .equ    EARLY_PAGING, 0x80050033    # CR0: paging, alignment, write protection, x87 by the book, protection

    .macro  enter_long_mode
    movl    $EARLY_CONTROL, %eax
    movl    %eax, %cr4
    movl    $(__early_tables - HIGH), %eax
    movl    %eax, %cr3
    movl    $0xc0000080, %ecx
    rdmsr
    orl     $EARLY_FEATURES, %eax
    wrmsr
    movl    $EARLY_PAGING, %eax
    movl    %eax, %cr0
    .endm

    .macro  jump_high
    movabsq $1f, %rax
    jmpq    *%rax
1:  movl    $16, %eax
    movw    %ax, %ss
    .endm

    .macro  leave_early_tables
    leaq    __boot_tables(%rip), %rax
    movabsq $HIGH, %rcx
    subq    %rcx, %rax
    movq    %rax, %cr3
    .endm

    .code32
    cli
    cld
    movl    %ebx, %esi
    movl    $(__early_tables - HIGH), %edi
    leal    0x1003(%edi), %eax
    movl    %eax, (%edi)
    movl    %eax, 256 * 8(%edi)
    leal    0x2003(%edi), %eax
    movl    %eax, 0x1000(%edi)
    leal    0x2000(%edi), %edx
    movl    $0x83, %eax
    movl    $512, %ecx
1:  movl    %eax, (%edx)
    addl    $0x200000, %eax
    addl    $8, %edx
    decl    %ecx
    jnz     1b
    lgdt    early_descriptors - HIGH
    enter_long_mode
    ljmp    $8, $(2f - HIGH)

    .code64
2:  jump_high
    leaq    __boot_stack_end(%rip), %rsp
    xorl    %ebp, %ebp
    movl    %esi, %ebx
    call    make_boot_tables
    leave_early_tables
    movq    %rbx, %rdi
    call    describe_machine
    movq    %rax, %rdi
    call    kernel_main
3:  hlt
    jmp     3b

    .code16
    .globl  trampoline
trampoline:
    cli
    movw    %cs, %ax
    movw    %ax, %ds
    lgdtl   trampoline_descriptors - trampoline
    enter_long_mode
    ljmpl   $8, $(start_other - HIGH)
trampoline_descriptors:
    .word   23
    .long   early_table - HIGH
    .globl  trampoline_end
trampoline_end:

    .code64
start_other:
    jump_high
    leave_early_tables
    movabsq $HIGH + MAILBOX, %rdx
    xorl    %eax, %eax
    xchgq   %rax, (%rdx)
    testq   %rax, %rax
    jz      4f
    movq    %rax, %rsp
    movq    %rax, %rdi
    xorl    %ebp, %ebp
    call    kernel_secondary
    jmp     resume
4:  cli
    hlt
    jmp     4b

    .balign 8
early_table:
    .quad   0
    .quad   0x00af9b000000ffff          # 64-bit code
    .quad   0x00cf93000000ffff          # data
early_descriptors:
    .word   23
    .long   early_table - HIGH
    """)
