"""How a kernel of this family is laid out: the linker script, and the place of the image's size in its header."""

from typing import Final

CHIPS: Final = "kernel.chips.x86"
"""The set of chips that machines of this family have: what a build takes for `kernel.chips.chosen`."""

LOAD_ADDRESS: Final = 0x20_0000
"""Where boot loaders put the image: behind the first 2 MiB, which firmware and older devices share."""

SIZE_OFFSET: Final = 0
"""Where the image holds its number of bytes, which grows by what is appended."""

LINK_SCRIPT: Final = f"""\
ENTRY(start_first)
HIGH = 0xffff800000000000;
PHDRS
{{
    text PT_LOAD FLAGS(5);
    note PT_NOTE FLAGS(4);
    constants PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
}}
SECTIONS
{{
    . = HIGH + {LOAD_ADDRESS:#x};
    .text : AT(ADDR(.text) - HIGH) {{
        KEEP(*(.text.header)) KEEP(*(.text.start)) KEEP(*(.text.vectors)) *(.text .text.*)
    }} :text
    . = ALIGN(4);
    .note : AT(ADDR(.note) - HIGH) {{ KEEP(*(.note.entry)) }} :text :note
    . = ALIGN(4096);
    __text_end = .;
    .rodata : AT(ADDR(.rodata) - HIGH) {{ *(.rodata .rodata.*) *(.got) }} :constants
    .metal_trap : AT(ADDR(.metal_trap) - HIGH) {{
        __metal_trap_start = .; KEEP(*(.metal_trap)) __metal_trap_end = .;
    }} :constants
    . = ALIGN(4096);
    __constants_end = .;
    .data : AT(ADDR(.data) - HIGH) {{ *(.data .data.*) }} :data
    .bss : AT(ADDR(.bss) - HIGH) {{
        *(.bss .bss.* COMMON)
        . = ALIGN(4096);
        __boot_tables = .;
        . += 0x4000;
        __early_tables = .;
        . += 0x3000;
        . += 0x4000;
        __boot_stack_end = .;
        . += 0x2000;
        __failure_stack_end = .;
        . = ALIGN(4096);
    }} :data
    __image_end = .;
    __image_bytes = __image_end - (HIGH + {LOAD_ADDRESS:#x});
    /DISCARD/ : {{ *(.comment) *(.note.GNU-stack) *(.eh_frame*) }}
}}
"""
