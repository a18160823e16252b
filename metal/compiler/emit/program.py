"""A whole program as one C file: types, globals, prototypes, functions."""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.emit.functions import define, prototype
from metal.compiler.emit.intrinsics import quote
from metal.compiler.emit.output import name_function
from metal.compiler.emit.shims import shims_of
from metal.compiler.emit.statements import Lines
from metal.compiler.emit.types import declare, define_types
from metal.compiler.emit.values import HANDLERS, byte_string, initializer, is_zero
from metal.compiler.emit.writer import Writer
from metal.compiler.types import FloatType, TupleType
from metal.compiler.walk import every
from metal.targets.target import Target

# Functions of the runtime that a kernel may declare to explain its own failed checks.
TRAP_LOOKUP = frozenset({"metal_trap_lookup", "metal_file_name"})


def emit_program(
    program: ir.Program, target: Target, *, shims: bool = False, executable: bool = False, two_loops: bool = True
) -> str:
    """The C of a program. With `shims` a test harness can call its functions; an `executable` has a C `main`.

    `two_loops` allows a loop to be written twice, with its index checks and without, which costs room.
    """
    writer = Writer(target, HANDLERS, two_loops=two_loops)
    _make_unique(program)
    # Bodies come first, because they tell which parts of the runtime the program needs.
    bodies = Lines()
    file = -1
    for function in program.functions:
        if function.foreign:
            continue
        if function.file.index != file:
            file = function.file.index
            bodies.add("")
            bodies.add("#undef METAL_FILE")
            bodies.add(f"#define METAL_FILE {file}")
        define(writer, bodies, function, target.naked)
    parts = [
        *_opening(program, target, writer),
        *define_types(program),
        "",
        *([f"__asm__({quote(target.support)});"] if target.support else []),
        *([f"__asm__({quote(target.entry)});"] if target.entry and _exports(program, "metal_start") else []),
        *(prototype(function, target.naked) for function in program.functions),
        "",
        # A first value may name any function and any other global, so those are declared before.
        *_forward(program, shims),
        *(_global(writer, item, shims) for item in program.globals),
        "",
        *(name_function(of) for of in writer.enums_shown.values()),
        *bodies.lines,
    ]
    if shims:
        parts += ["", '#line 1 "shims"', *shims_of(program, executable)]
    return "\n".join([*parts, *_closing(program), ""])


def _opening(program: ir.Program, target: Target, writer: Writer) -> list[str]:
    lines = [f"/* {program.files[0].module if program.files else 'A program'}, compiled from typed Python. */"]
    if target.trap == "table":
        lines.append(f"#define METAL_TRAP_INSTRUCTION {byte_string(target.trap_instruction.encode())}")
    if writer.floats:
        lines.append("#define METAL_FLOATS")
    if any(isinstance(of, TupleType) and of.symbol == "Tuple_u64_u64" for of in program.types.all()):
        call = target.kernel_call.replace("\n", " \\\n")
        lines.append(f"#define METAL_KERNEL_CALL(operation, handle, reply, words) \\\n{call}")
    lines.append('#include "metal.h"')
    if not target.shared:
        lines.append('#include "memory.h"')
    if any(isinstance(node, ir.Output | ir.Format) for function in program.functions for node in every(function.body)):
        lines.append('#include "output.h"')
    names = "".join(f".asciz {_quoted(file.shown)}\\n" for file in program.files)
    lines.append(f'__asm__(".pushsection .metal_files, \\"\\"\\n{names}.popsection");')
    return lines


def _quoted(text: str) -> str:
    return '\\"' + text.replace("\\", "\\\\\\\\").replace('"', '\\\\\\"') + '\\"'


def _exports(program: ir.Program, name: str) -> bool:
    return any(function.exported == name and not function.foreign for function in program.functions)


def _make_unique(program: ir.Program) -> None:
    """Gives another symbol to what Python tells apart and C does not: `Lamp.area` and a function `Lamp__area`."""
    taken: set[str] = set()
    items: list[ir.Global | ir.Function] = [*program.globals, *program.functions]
    for item in items:
        while item.name in taken:
            item.name += "_"
        taken.add(item.name)


def _forward(program: ir.Program, visible: bool) -> list[str]:
    """Declarations of globals that the initial value of another one points at."""
    values: list[ir.Statement] = [
        ir.Evaluate(item.span, item.value) for item in program.globals if item.value is not None
    ]
    wanted = dict.fromkeys(node.target for node in every(values) if isinstance(node, ir.GlobalPlace))
    return [f"{'extern' if item.exported or visible else 'static'} {_declared(item)};" for item in wanted]


def _declared(item: ir.Global) -> str:
    """Type and name; `const` beside the name, where it belongs to the outermost part of any type."""
    label = f' __asm__("{item.exported}")' if item.exported else ""
    return declare(item.type, f"const {item.name}" if item.read_only else item.name) + label


def _global(writer: Writer, item: ir.Global, visible: bool) -> str:
    attributes = [f'section("{item.section}")'] if item.section else []
    attributes += [f"aligned({item.align})"] if item.align else []
    attributes += ["used"] if item.exported else []
    words = "" if item.exported or visible else "static "
    shown = f" __attribute__(({', '.join(attributes)}))" if attributes else ""
    if item.value is None or (is_zero(item.value) and not item.read_only and not isinstance(item.type, FloatType)):
        return f"{words}{_declared(item)}{shown};"
    return f"{words}{_declared(item)}{shown} = {initializer(writer, item.value)};"


def _closing(program: ir.Program) -> list[str]:
    wanted = {function.exported for function in program.functions if function.foreign}
    if not wanted & TRAP_LOOKUP:
        return []
    names = ", ".join(f"TEXT({byte_string(file.shown.encode())}, {len(file.shown.encode())})" for file in program.files)
    return ["", f"#define METAL_FILES {names}", '#include "lookup.h"']
