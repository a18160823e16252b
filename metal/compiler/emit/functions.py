"""Functions in C: the prototype with its attributes, and the definition."""

from __future__ import annotations

from dataclasses import replace

from metal.compiler import ir
from metal.compiler.emit.intrinsics import naked_assembly, quote
from metal.compiler.emit.names import c_name
from metal.compiler.emit.statements import BodyWriter, Lines
from metal.compiler.emit.types import declare
from metal.compiler.emit.writer import Writer

# Of functions in assembly; what the widest instruction fetch likes.
CODE_ALIGNMENT = 16


def signature(function: ir.Function) -> str:
    """Result, name and parameters."""
    parameters = ", ".join(declare(local.type, c_name(local.name)) for local in function.parameters) or "void"
    return declare(function.result, f"{function.name}({parameters})")


def prototype(function: ir.Function, naked: bool) -> str:
    """The declaration. An exported name is a label for the linker; in the C file the function keeps its own name.

    `naked` says whether the C compiler knows functions of that kind; else they are foreign ones to it.
    """
    attributes: list[str] = []
    if function.naked and not naked:
        return f'extern {signature(function)} __asm__("{label_of(function)}");'
    if function.naked:
        # Once only, because the assembly may define labels; and its callers may assume nothing about its registers.
        attributes += ["naked", "noinline", "METAL_ONCE"]
    if function.section:
        attributes.append(f'section("{function.section}")')
    if function.align:
        attributes.append(f"aligned({function.align})")
    if (function.noinline or function.section) and not function.naked:
        attributes.append("noinline")
    if function.inline:
        attributes.append("always_inline")
    elif function.rare and not function.naked:
        attributes.append("METAL_SMALL")
    if function.never_returns:
        attributes.append("noreturn")
    public = function.exported is not None or function.foreign
    if public and not function.foreign:
        attributes.append("used")
    words = "extern " if function.foreign else "" if public else "static "
    if function.inline:
        words += "inline "
    label = f' __asm__("{function.exported}")' if public else ""
    shown = f" __attribute__(({', '.join(attributes)}))" if attributes else ""
    return f"{words}{signature(function)}{label}{shown};"


def label_of(function: ir.Function) -> str:
    """What the linker calls a function."""
    return function.exported or function.name


def define_in_assembly(lines: Lines, function: ir.Function) -> None:
    """A naked function as assembly between the C functions."""
    label, section = label_of(function), function.section or ".text"
    public = [f".globl {label}"] if function.exported else []
    lines.add("")
    begin = [
        f'.pushsection {section}, "ax"',
        f".balign {function.align or CODE_ALIGNMENT}",
        f".type {label}, @function",
    ]
    lines.add(f"__asm__({quote(chr(10).join([*begin, *public, f'{label}:']))});", function.span)
    for statement in function.body:
        if isinstance(statement, ir.Evaluate) and isinstance(statement.value, ir.Intrinsic):
            lines.add(f"{naked_assembly(statement.value)};", statement.span)
    lines.add(f"__asm__({quote(f'.size {label}, . - {label}')} {quote('.popsection')});")


def define(writer: Writer, lines: Lines, function: ir.Function, naked: bool) -> None:
    """The definition of one function; `naked` as for `prototype`."""
    if function.naked and not naked:
        define_in_assembly(lines, function)
        return
    lines.add("")
    static = "" if function.exported is not None else "static "
    lines.add(f"{static}{signature(function)} {{", function.span)
    if function.naked:
        for statement in function.body:
            if isinstance(statement, ir.Evaluate) and isinstance(statement.value, ir.Intrinsic):
                lines.add(f"{naked_assembly(statement.value)};", statement.span, 1)
    else:
        BodyWriter(writer, lines, function).write()
        if function.never_returns:
            lines.add("__builtin_unreachable();", function.span, 1)
    # The closing brace is where the function returns to its caller: a debugger should stop on its last line there.
    end = _last_line(function)
    lines.add("}", replace(function.span, line=end))


def _last_line(function: ir.Function) -> int:
    statement = function.body[-1] if function.body else None
    return statement.span.end_line if statement is not None else function.span.end_line
