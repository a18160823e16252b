"""Intrinsics in C: operations of the machine that have no operator in Python."""

from __future__ import annotations

import re

from metal.compiler import ir
from metal.compiler.emit.types import spelled
from metal.compiler.emit.writer import Loose, Writer
from metal.compiler.types import IntegerType

_FENCES = {
    "relaxed": "__ATOMIC_RELAXED",
    "acquire": "__ATOMIC_ACQUIRE",
    "release": "__ATOMIC_RELEASE",
    "acq_rel": "__ATOMIC_ACQ_REL",
    "seq_cst": "__ATOMIC_SEQ_CST",
}


def intrinsic(writer: Writer, node: ir.Intrinsic) -> str:
    """One intrinsic as a C expression."""
    arguments = [writer.value(argument) for argument in node.arguments]
    operands = [writer.operand(argument) for argument in node.arguments]
    line = node.span.line
    match node.name:
        case "rotl" | "rotr":
            of = node.type
            assert isinstance(of, IntegerType)
            macro = "ROTATE_LEFT" if node.name == "rotl" else "ROTATE_RIGHT"
            return f"{macro}({of.name}, {of.bits}, {arguments[0]}, {arguments[1]}, {line})"
        case "leading_zeros":
            return f"LEADING_ZEROS({arguments[0]})"
        case "trailing_zeros":
            return f"TRAILING_ZEROS({arguments[0]})"
        case "popcount":
            return Loose(f"(u64)__builtin_popcountl({arguments[0]})")
        case "mmio_read":
            return Loose(f"*(volatile {spelled(node.type)} *){operands[0]}")
        case "mmio_write":
            return Loose(f"*(volatile {spelled(node.arguments[1].type)} *){operands[0]} = {arguments[1]}")
        case "fence":
            return f"__atomic_thread_fence({_FENCES[str(node.constants[0])]})"
        case "copy":
            return f"COPY({arguments[0]}, {arguments[1]}, {line})"
        case "fill":
            return f"FILL({arguments[0]}, {arguments[1]})"
        case "shared_write":
            return Loose(f"ITEM({arguments[0]}, {arguments[1]}, {line}) = {arguments[2]}")
        case "shared_copy_out":
            return f"SHARED_OUT({', '.join(arguments)}, {line})"
        case "shared_copy_in":
            return f"SHARED_IN({', '.join(arguments)}, {line})"
        case "shared_fetch":
            return Loose(f"*{operands[2]} = ITEM({arguments[0]}, {arguments[1]}, {line})")
        case "shared_put":
            return Loose(f"ITEM({arguments[0]}, {arguments[1]}, {line}) = *{operands[2]}")
        case "symbol_address":
            # Declared here rather than on top, so that any name of a linker script will do.
            return f"({{ extern u8 {node.constants[0]}[]; (u64){node.constants[0]}; }})"
        case "kernel_call":
            return f"METAL_KERNEL_CALL({node.constants[0]}, {', '.join(arguments)})"
        case "asm" | "asm64":
            return assembly(node, operands)
        case name:
            raise AssertionError(f"no intrinsic is called {name}")


def quote(text: str) -> str:
    """Text as a C string over as many lines as it has."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return " ".join(f'"{line}\\n"' for line in escaped.split("\n"))


def assembly(node: ir.Intrinsic, operands: list[str]) -> str:
    """Instructions with their operands in registers; memory counts as changed."""
    template, clobber = str(node.constants[0]), str(node.constants[1])
    clobbers = ", ".join(f'"{name}"' for name in ["memory", *re.split(r"[,\s]+", clobber)] if name)
    inputs = ", ".join(f'"r"((u64)({operand}))' for operand in operands)
    if node.name == "asm64":
        body = f'__asm__ volatile({quote(template)} : "=r"(r__) : {inputs} : {clobbers})'
        return f"({{ u64 r__; {body}; r__; }})"
    return f"({{ __asm__ volatile({quote(template)} : : {inputs} : {clobbers}); }})"


def naked_assembly(node: ir.Intrinsic) -> str:
    """Instructions of a naked function: exactly as written, without operands."""
    return f"__asm__({quote(str(node.constants[0]))})"
