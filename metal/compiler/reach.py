"""Leaves out what nothing can reach: functions not called from an entry, and globals that no kept function names."""

from __future__ import annotations

from collections.abc import Callable

from metal.compiler import ir
from metal.compiler.options import Options
from metal.compiler.walk import children


def keep_reachable(program: ir.Program, entry_module: str, options: Options) -> ir.Program:
    """The program without what its entries do not need."""
    kept: dict[ir.Function, None] = {}
    globals_kept: set[ir.Global] = set()
    waiting: list[ir.Function] = []

    def want(function: ir.Function) -> None:
        if function not in kept:
            kept[function] = None
            waiting.append(function)

    def look(node: ir.Node) -> None:
        if isinstance(node, (ir.Call, ir.FunctionReference)):
            want(node.function)
        elif isinstance(node, ir.GlobalPlace) and node.target not in globals_kept:
            globals_kept.add(node.target)
            if node.target.value is not None:
                _visit(node.target.value, look)

    for function in program.functions:
        mine = options.all_functions and function.file.module == entry_module
        if function is program.entry or (function.exported and not function.foreign) or function.section or mine:
            want(function)
    while waiting:
        for statement in waiting.pop().body:
            _visit(statement, look)
    for found in program.globals:
        if (found.section or found.exported) and found not in globals_kept:
            globals_kept.add(found)
    if options.all_functions:
        for found in program.globals:
            if found.span.file.module == entry_module and found not in globals_kept:
                look(ir.GlobalPlace(found.span, found.type, found))
        while waiting:
            for statement in waiting.pop().body:
                _visit(statement, look)
    program.functions = [f for f in program.functions if f in kept]
    program.globals = [g for g in program.globals if g in globals_kept]
    program.calls = {f: [c for c in called if c in kept] for f, called in program.calls.items() if f in kept}
    return program


def _visit(node: ir.Node, look: Callable[[ir.Node], None]) -> None:
    """Show a node and everything below it to `look`."""
    stack = [node]
    while stack:
        current = stack.pop()
        look(current)
        stack.extend(children(current))
