"""The first instructions: from the boot loader's hand-over to `kernel_main` at high addresses with the MMU on.

The image is entered as the arm64 boot protocol says: MMU off, at EL1 or EL2, x0 = physical address of the device tree.
The first tables map only what is known to be memory: the image with what is appended to it, and the device tree. The
kernel's text may be executed, its constants read, everything else read and written; nothing is both written and
executed (SCTLR_EL1.WXN makes the CPU hold to that). Names in capitals in the citations are sections of the Arm
Architecture Reference Manual, ARM DDI 0487.
"""

from typing import Final

from metal import asm, export, naked, section

UNSAFE: Final = True


@naked
@export
@section(".text.header")
def image_header() -> None:
    """The 64 bytes in front of an arm64 Image; the first word jumps over them, so that they are also the entry."""
    asm("""
    b       start_first
    .long   0
    .quad   0                       // text offset: the image lies at a multiple of 2 MiB
    .quad   __image_bytes           // the builder adds what it appends
    .quad   2                       // little endian, pages of 4 KiB, at the address it is linked for
    .quad   0, 0, 0
    .ascii  "ARM\\x64"
    .long   0
    """)


@naked
@export
@section(".text.start")
def start_first() -> None:
    """The first CPU: builds the first tables, turns the MMU on and calls `kernel_main(device tree)`."""
    asm("""
    .equ    TEXT,      0x0040000000000783   // page: EL1 reads and executes
    .equ    CONSTANTS, 0x0060000000000783   // page: EL1 reads
    .equ    DATA,      0x0060000000000703   // page: EL1 reads and writes
    .equ    BLOCK,     0x0060000000000701   // 2 MiB: EL1 reads and writes

    mov     x20, x0
    bl      start_exception_level

    // The tables: [0] root, [1] first level, [2] image, [3] pages of its first 2 MiB, [4] device tree, [5] empty.
    adrp    x1, __boot_tables
    add     x2, x1, #0x1000
    add     x3, x1, #0x2000
    add     x4, x1, #0x3000
    add     x5, x1, #0x4000
    // Lines left over from whoever loaded the image must not hide what is written with the MMU off:
    // "Behavior of caches at reset", "Memory type when stage 1 translation is disabled" (chapters D7, D8).
    add     x6, x1, #0x6000
    bl      forget_lines

    mov     x7, x1
1:  stp     xzr, xzr, [x7], #16
    cmp     x7, x6
    b.lo    1b

    orr     x6, x2, #3
    str     x6, [x1]

    adrp    x7, image_header
    ldr     x9, [x7, #16]
    add     x9, x7, x9                      // end of the image
    ubfx    x8, x7, #30, #9
    orr     x6, x3, #3
    str     x6, [x2, x8, lsl #3]
    ldr     x10, =BLOCK
    mov     x11, x7
1:  ubfx    x12, x11, #21, #9
    orr     x13, x11, x10
    str     x13, [x3, x12, lsl #3]
    add     x11, x11, #0x200000
    cmp     x11, x9
    b.lo    1b
    ubfx    x12, x7, #21, #9
    orr     x13, x4, #3
    str     x13, [x3, x12, lsl #3]

    adrp    x14, __text_end
    adrp    x15, __constants_end
    ldr     x10, =TEXT
    ldr     x11, =CONSTANTS
    ldr     x12, =DATA
    mov     x6, #512
1:  cmp     x7, x15
    csel    x13, x11, x12, lo
    cmp     x7, x14
    csel    x13, x10, x13, lo
    orr     x13, x13, x7
    str     x13, [x4], #8
    add     x7, x7, #0x1000
    subs    x6, x6, #1
    b.ne    1b

    // The device tree: two blocks, as it may be up to 2 MiB long. It may share the gigabyte of the image.
    cbz     x20, 2f
    and     x7, x20, #~0x1fffff
    ubfx    x9, x7, #30, #9
    cmp     x8, x9
    csel    x5, x3, x5, eq
    orr     x6, x5, #3
    str     x6, [x2, x9, lsl #3]
    ldr     x10, =BLOCK
    mov     x6, #2
1:  ubfx    x12, x7, #21, #9
    ldr     x13, [x5, x12, lsl #3]
    cbnz    x13, 3f
    orr     x13, x7, x10
    str     x13, [x5, x12, lsl #3]
3:  add     x7, x7, #0x200000
    tst     x7, #0x3fffffff
    b.eq    2f
    subs    x6, x6, #1
    b.ne    1b

2:  add     x6, x1, #0x6000
    bl      forget_lines
    bl      start_translation
    adrp    x1, __boot_stack_end
    mov     sp, x1
    mov     x29, xzr
    mov     x0, x20
    bl      kernel_main
1:  wfi
    b       1b

forget_lines:                               // from x1 to x6
    mov     x7, x1
    dsb     sy
1:  dc      ivac, x7
    add     x7, x7, #16
    cmp     x7, x6
    b.lo    1b
    dsb     sy
    ret
    .ltorg
    """)


@naked
@export
@section(".text.start")
def start_other() -> None:
    """Another CPU, as from PSCI CPU_ON: x0 = virtual address of its record, on top of its stack."""
    asm("""
    mov     x20, x0
    bl      start_exception_level
    bl      start_translation
    mov     sp, x20
    mov     x29, xzr
    mov     x0, x20
    bl      kernel_secondary
    b       resume
    """)


@naked
@export
@section(".text.start")
def start_waiting() -> None:
    """Another CPU, from where it waited: the virtual address of its record stands in memory, by its number."""
    asm("""
    mrs     x9, mpidr_el1
    and     x9, x9, #3
    adrp    x10, __waiting_records
    ldr     x0, [x10, x9, lsl #3]
    b       start_other
    """)


@naked
@export
@section(".text.start")
def start_exception_level() -> None:
    """Goes on at EL1; at EL2 it first gives everything to EL1: "Effects of Exception levels on registers" (D1)."""
    asm("""
    ldr     x9, =0x30d00800                 // RES1 bits; MMU and caches off
    msr     sctlr_el1, x9
    mrs     x9, currentel
    cmp     x9, #8
    b.eq    1f
    isb
    ret
1:  mov     x9, #0x80000000                 // HCR_EL2.RW: EL1 is AArch64
    msr     hcr_el2, x9
    mrs     x9, cnthctl_el2
    orr     x9, x9, #3
    msr     cnthctl_el2, x9
    msr     cntvoff_el2, xzr
    mov     x9, #0x33ff                     // CPTR_EL2: nothing trapped
    msr     cptr_el2, x9
    msr     hstr_el2, xzr
    msr     vttbr_el2, xzr
    mrs     x9, pmcr_el0
    ubfx    x9, x9, #11, #5
    msr     mdcr_el2, x9                    // MDCR_EL2.HPMN: every event counter is EL1's
    mrs     x9, midr_el1
    msr     vpidr_el2, x9
    mrs     x9, mpidr_el1
    msr     vmpidr_el2, x9
    mrs     x9, id_aa64pfr0_el1
    tst     x9, #0x0f000000
    b.eq    2f
    mrs     x9, s3_4_c12_c9_5               // ICC_SRE_EL2: system registers for the interrupt controller
    orr     x9, x9, #1
    orr     x9, x9, #8
    msr     s3_4_c12_c9_5, x9
    isb
    msr     s3_4_c12_c11_0, xzr             // ICH_HCR_EL2
2:  mov     x9, #0x3c5                      // EL1 with its own stack pointer, all interrupts masked
    msr     spsr_el2, x9
    msr     elr_el2, x30
    eret
    .ltorg
    """)


@naked
@export
@section(".text.start")
def start_translation() -> None:
    """Turns the MMU on and returns to the caller at its high address."""
    asm("""
    // 48-bit addresses in both halves, pages of 4 KiB, cached and inner shareable walks, 16-bit ASIDs held in TTBR0.
    ldr     x9, =0x10b5103510
    mrs     x10, id_aa64mmfr0_el1
    and     x10, x10, #15                   // PARange, at most 48 bits
    mov     x11, #5
    cmp     x10, x11
    csel    x10, x10, x11, lo
    orr     x9, x9, x10, lsl #32
    msr     tcr_el1, x9
    mov     x9, #0x04ff                     // attribute 0: normal, write-back; 1: device nGnRE
    msr     mair_el1, x9
    adrp    x9, __boot_tables
    msr     ttbr0_el1, x9
    msr     ttbr1_el1, x9
    // "TLB maintenance instructions" (D8): what reset left in the TLB is unknown.
    dsb     nshst
    tlbi    vmalle1
    ic      iallu
    dsb     nsh
    isb
    ldr     x9, =0x30dd181d                 // RES1, MMU, caches, SP alignment, WXN; WFI and WFE are hints at EL0
    msr     sctlr_el1, x9
    isb
    ldr     x9, =0xffff000000000000
    add     x30, x30, x9
    adr     x10, 1f
    add     x10, x10, x9
    br      x10
    // Low addresses belong to programs from here on: an empty table, and no translation of the old one.
1:  adrp    x9, __boot_tables + 0x5000
    ldr     x10, =0x0000ffffffffffff
    and     x9, x9, x10
    msr     ttbr0_el1, x9
    isb
    tlbi    vmalle1
    dsb     nsh
    isb
    ret
    .ltorg
    """)
