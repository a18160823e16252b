"""The default linker script of a program: three segments, none both writable and executable."""

from __future__ import annotations

from metal.targets.target import Target


def program_script(target: Target, base: int | None = None) -> str:
    """The script for a program that the kernel starts at `_start`; `base` replaces the target's lowest address."""
    return f"""\
ENTRY(_start)
PHDRS
{{
    text PT_LOAD FLAGS(5);
    rodata PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
}}
SECTIONS
{{
    . = {target.base if base is None else base:#x};
    .text : {{ *(.text._start) *(.text .text.*) }} :text
    . = ALIGN({target.page_bytes});
    .rodata : {{ *(.rodata .rodata.*) *(.got .got.*) }} :rodata
    .metal_trap : {{ __metal_trap_start = .; KEEP(*(.metal_trap)) __metal_trap_end = .; }} :rodata
    . = ALIGN({target.page_bytes});
    .data : {{ *(.data .data.* .sdata .sdata.*) }} :data
    .bss : {{ *(.sbss .sbss.* .bss .bss.* COMMON) }} :data
    __program_end = .;
    /DISCARD/ : {{ *(.comment) *(.note .note.*) *(.eh_frame*) *(.ARM.*) }}
}}
"""
