"""The passes of the compiler, in order. Read this file first.

    source files -> syntax trees -> names -> types and IR -> checks -> a Program

`modules` finds and parses the files, `elaborate` gives names a meaning and lowers every function to typed IR, `checks`
looks at finished functions. What follows a `Program` (C, the C compiler, the linker) is `build`'s business.
"""

from __future__ import annotations

import ast
from pathlib import Path

from metal.compiler import checks, ir
from metal.compiler.diagnostics import Diagnostics
from metal.compiler.elaborate import everything
from metal.compiler.elaborate.contracts import name_modules
from metal.compiler.elaborate.declarations import declare, find_variables
from metal.compiler.elaborate.declared import device_type, enum_type
from metal.compiler.elaborate.functions import declare_function, declare_struct
from metal.compiler.elaborate.module_values import constant_of, global_of
from metal.compiler.elaborate.unit import Unit
from metal.compiler.modules import Loader, Module
from metal.compiler.options import Options
from metal.compiler.parse import span_of
from metal.compiler.reach import keep_reachable
from metal.compiler.source import Span
from metal.compiler.symbols import (
    ConstantName,
    DeviceName,
    EnumName,
    FunctionName,
    GlobalName,
    Imported,
    StructName,
    Symbol,
)
from metal.targets.target import Target

__all__ = ["Options", "compile_program", "compile_sources"]


def compile_program(
    entry: Path | str, *, roots: list[Path], target: Target | None = None, options: Options | None = None
) -> ir.Program | Diagnostics:
    """Compile an entry module and all it imports; Diagnostics when the program has mistakes."""
    options = options or Options()
    diagnostics = Diagnostics()
    loader = Loader(roots, options, diagnostics)
    main = loader.load_entry(entry)
    return _compile(loader, main, options, diagnostics)


def compile_sources(
    sources: dict[str, str], *, entry: str, roots: list[Path] | None = None, options: Options | None = None
) -> ir.Program | Diagnostics:
    """Compile modules given as texts, by name; for tests and generated programs."""
    options = options or Options()
    diagnostics = Diagnostics()
    loader = Loader(roots or [], options, diagnostics)
    loader.given = dict(sources)
    main = loader.load_entry(entry)
    return _compile(loader, main, options, diagnostics)


def _compile(loader: Loader, main: Module, options: Options, diagnostics: Diagnostics) -> ir.Program | Diagnostics:
    for name in options.include:
        if loader.load(name) is None:
            raise FileNotFoundError(f"no module {name}")
    unit = Unit(loader, options, diagnostics)
    everything.register()
    for module in loader.modules.values():
        declare(unit, module)
    for module in loader.modules.values():
        find_variables(unit, module)
    for module in loader.modules.values():
        name_modules(unit, module)
    for module in loader.modules.values():
        _elaborate(unit, module)
    program = _program(unit, main)
    checks.run(program, diagnostics, options, unit.broken)
    if diagnostics.found:
        return diagnostics
    return keep_reachable(program, main.name, options)


def _elaborate(unit: Unit, module: Module) -> None:
    """Everything a module declares, so that all its mistakes are found; then the functions that this needed."""
    functions: list[FunctionName] = []
    structs: list[StructName] = []
    start = Span(module.file, 1, 0, 1, 1)
    for symbol in list(module.names.values()):
        unit.guarded(_place(module, symbol), lambda symbol=symbol: _declared(unit, module, symbol))
        if isinstance(symbol, FunctionName) and symbol.module is module:
            functions.append(symbol)
        elif isinstance(symbol, StructName) and symbol.module is module:
            structs.append(symbol)
            functions += symbol.methods.values()
    for struct in structs:
        unit.guarded(_place(module, struct), lambda struct=struct: declare_struct(unit, struct))
    for function in functions:
        unit.guarded(_place(module, function), lambda function=function: declare_function(unit, function))
    unit.guarded(start, unit.run_waiting)


def _place(module: Module, symbol: Symbol) -> Span:
    """Where a symbol is declared, as far as it is known."""
    node = getattr(symbol, "node", None)
    return span_of(module.file, node) if isinstance(node, ast.AST) else Span(module.file, 1, 0, 1, 1)


def _declared(unit: Unit, module: Module, symbol: Symbol) -> None:
    """What a symbol that is no function or struct stands for."""
    if isinstance(symbol, ConstantName):
        constant_of(unit, symbol)
    elif isinstance(symbol, GlobalName) and symbol.module is module:
        global_of(unit, symbol)
    elif isinstance(symbol, Imported):
        unit.resolve(module, symbol.name)
    elif isinstance(symbol, EnumName):
        enum_type(unit, symbol)
    elif isinstance(symbol, DeviceName):
        device_type(unit, symbol)


def _program(unit: Unit, main: Module) -> ir.Program:
    entry = main.names.get("main")
    function = entry.instances.get(()) if isinstance(entry, FunctionName) else None
    return ir.Program(
        unit.loader.files, unit.types, unit.structs, unit.enums, unit.globals, unit.functions, function, unit.calls
    )
