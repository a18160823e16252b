"""How a kernel of this family is laid out at the board's LOAD: the linker script, and where its size stands."""

from typing import Final

CHIPS: Final = "kernel.chips.arm"
"""The set of chips that machines of this family have: what a build takes for `kernel.chips.chosen`."""

SIZE_OFFSET: Final = 16
"""Where the arm64 Image header holds the number of bytes to load, which grows by what is appended."""

LINK_SCRIPT: Final = """\
ENTRY(image_header)
HIGH = 0xffff000000000000;
PHDRS
{
    text PT_LOAD FLAGS(5);
    constants PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
}
SECTIONS
{
    . = HIGH + LOAD;
    .text : AT(ADDR(.text) - HIGH) {
        KEEP(*(.text.header)) KEEP(*(.text.start)) KEEP(*(.text.vectors)) *(.text .text.*)
    } :text
    . = ALIGN(4096);
    __text_end = .;
    .rodata : AT(ADDR(.rodata) - HIGH) { *(.rodata .rodata.*) } :constants
    .metal_trap : AT(ADDR(.metal_trap) - HIGH) {
        __metal_trap_start = .; KEEP(*(.metal_trap)) __metal_trap_end = .;
    } :constants
    . = ALIGN(4096);
    __constants_end = .;
    .data : AT(ADDR(.data) - HIGH) { *(.data .data.*) } :data
    .bss : AT(ADDR(.bss) - HIGH) {
        *(.bss .bss.* COMMON)
        . = ALIGN(4096);
        __boot_tables = .;
        . += 0x6000;
        __waiting_records = .; . += 0x1000;
        . += 0x4000;
        __boot_stack_end = .;
        . += 0x2000;
        __failure_stack_end = .;
        . = ALIGN(4096);
    } :data
    __image_end = .;
    __image_bytes = __image_end - (HIGH + LOAD);
    /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) *(.ARM.*) }
}
"""
