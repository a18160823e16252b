"""The bridge from a test to a program: one function of one shape for each function, its arguments in a struct."""

from __future__ import annotations

from collections.abc import Iterator

from metal.compiler import ir
from metal.compiler.emit.types import declare
from metal.compiler.emit.values import byte_string
from metal.compiler.traps import describe
from metal.compiler.types import NEVER, NONE, IntegerType
from metal.types.traps import TrapKind


def callable_functions(program: ir.Program) -> list[ir.Function]:
    """The functions a test may call."""
    return [function for function in program.functions if not function.foreign and not function.naked]


def shims_of(program: ir.Program, executable: bool) -> Iterator[str]:
    """The C of all shims, or of the start of an executable."""
    if executable:
        yield from _start(program)
        return
    for function in callable_functions(program):
        yield from _shim(function)


def _shim(function: ir.Function) -> Iterator[str]:
    members = [declare(local.type, f"a{index}") for index, local in enumerate(function.parameters)]
    gives = function.result is not NONE and function.result is not NEVER
    if gives:
        members.append(declare(function.result, "result"))
    call = f"{function.name}({', '.join(f'frame->a{index}' for index in range(len(function.parameters)))})"
    frame = f"struct frame__{function.name}"
    yield f"{frame} {{ {'; '.join(members) or 'u8 nothing'}; }};"
    yield (
        f"void metal_shim__{function.name}(void *arguments) "
        f"{{ {frame} *frame = arguments; {'frame->result = ' if gives else ''}{call}; }}"
    )


def _start(program: ir.Program) -> Iterator[str]:
    names = ", ".join(byte_string(file.shown.encode()) for file in program.files)
    yield f"const char *const metal_host_files[] = {{{names}}};"
    kinds = ", ".join(f"[{kind.value}] = {byte_string(describe(kind).encode())}" for kind in TrapKind)
    yield f"const char *const metal_host_kinds[] = {{{kinds}}};"
    entry = program.entry
    if entry is None:
        yield "void metal_host_main(void *status) { *(u32 *)status = 0; }"
    elif isinstance(entry.result, IntegerType):
        yield f"void metal_host_main(void *status) {{ *(u32 *)status = {entry.name}(); }}"
    else:
        yield f"void metal_host_main(void *status) {{ {entry.name}(); *(u32 *)status = 0; }}"
