"""How a kernel of this family is laid out at the board's LOAD: the linker script."""

from typing import Final

CHIPS: Final = "kernel.chips.alpha"
"""The set of chips that machines of this family have: what a build takes for `kernel.chips.chosen`."""

LAYOUT: Final = """\
ENTRY(image_header)
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
    . = ALIGN(8192);
    __text_end = .;
    .rodata : AT(ADDR(.rodata) - HIGH) { *(.rodata .rodata.*) *(.got .got.*) } :constants
    .metal_trap : AT(ADDR(.metal_trap) - HIGH) {
        __metal_trap_start = .; KEEP(*(.metal_trap)) __metal_trap_end = .;
    } :constants
    . = ALIGN(8192);
    __constants_end = .;
    .data : AT(ADDR(.data) - HIGH) { *(.data .data.* .sdata .sdata.*) } :data
    .bss : AT(ADDR(.bss) - HIGH) {
        *(.sbss .sbss.* .bss .bss.* COMMON)
        . = ALIGN(8192);
        __empty_table = .;
        . += 0x2000;
        . += 0x4000;
        __boot_stack_end = .;
        . += 0x2000;
        __failure_stack_end = .;
        . = ALIGN(8192);
    } :data
    __image_end = .;
    /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) *(.mdebug*) }
}
"""
"""What stands where, from HIGH on, at which physical addresses are reached."""

LINK_SCRIPT: Final = "HIGH = 0xfffffc0000000000;\n" + LAYOUT
