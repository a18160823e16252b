"""How a kernel of this family is laid out at the board's LOAD: the linker script."""

from typing import Final

CHIPS: Final = "kernel.chips.loongarch"
"""The set of chips that machines of this family have: what a build takes for `kernel.chips.chosen`."""

LINK_SCRIPT: Final = """\
ENTRY(image_header)
HIGH = 0x9000000000000000;
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
    . = ALIGN(16384);
    .rodata : AT(ADDR(.rodata) - HIGH) { *(.rodata .rodata.*) } :constants
    .metal_trap : AT(ADDR(.metal_trap) - HIGH) {
        __metal_trap_start = .; KEEP(*(.metal_trap)) __metal_trap_end = .;
    } :constants
    . = ALIGN(16384);
    .data : AT(ADDR(.data) - HIGH) { *(.data .data.*) } :data
    .bss : AT(ADDR(.bss) - HIGH) {
        *(.bss .bss.* COMMON)
        . = ALIGN(16);
        . += 0x4000;
        __boot_stack_end = .;
        . += 0x2000;
        __failure_stack_end = .;
        . = ALIGN(16384);
    } :data
    __image_end = .;
    /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
"""
