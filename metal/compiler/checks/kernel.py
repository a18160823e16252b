"""Kernel programs neither recurse nor use floats: their stack is bounded, and FP registers stay the user's."""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.calls import call_graph
from metal.compiler.checks.walk import functions_of, nodes_below, statements_below
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.types import FloatType


def check_recursion(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M220 for each group of functions of a kernel that may call each other in a circle."""
    if not options.kernel:
        return
    graph = call_graph(program)
    used = graph.reached([function for function in program.functions if _is_entry(program, function, options)])
    for cycle in graph.cycles():
        if cycle[0] not in used:
            continue
        call = graph.calls[cycle[0]][cycle[1] if len(cycle) > 1 else cycle[0]]
        road = " -> ".join(function.shown for function in [*cycle, cycle[0]])
        message = f"recursion in a kernel program: {road}"
        indirect = any(
            isinstance(graph.calls[caller][called], ir.CallIndirect)
            for caller, called in zip(cycle, [*cycle[1:], cycle[0]], strict=True)
        )
        hint = "its stack would have no bound: write a loop, with an explicit array for what has to be remembered"
        if indirect:
            hint += " (a call through a function value may reach every function of that type that is used as a value)"
        diagnostics.add(Diagnostic("M220", call.span, message, hint))


def _is_entry(program: ir.Program, function: ir.Function, options: Options) -> bool:
    """Whether something outside of the program's own functions calls this one."""
    if function is program.entry or function.exported is not None or function.section is not None:
        return True
    return options.all_functions and function.file is program.files[0]


def check_floats(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M082 for each line of a kernel that computes with floats."""
    if not options.kernel:
        return
    for function in functions_of(program):
        told: set[int] = set()
        for variable in [*function.parameters, *function.locals]:
            if isinstance(variable.type, FloatType) and not variable.is_temporary:
                _refuse(variable, f"{variable.name} is {variable.type}", told, diagnostics)
        for statement in statements_below(function.body):
            for node in nodes_below(statement):
                if isinstance(node, (ir.Binary, ir.Convert, ir.Compare, ir.Call)) and isinstance(node.type, FloatType):
                    _refuse(statement, f"this computes a {node.type}", told, diagnostics)


def _refuse(node: ir.Node, what: str, told: set[int], diagnostics: Diagnostics) -> None:
    """One message a line is enough."""
    if node.span.line not in told:
        told.add(node.span.line)
        hint = "FP registers belong to the programs the kernel runs: use integers, scaled where fractions are needed"
        diagnostics.add(Diagnostic("M082", node.span, f"{what}, and a kernel program has no floats", hint))
