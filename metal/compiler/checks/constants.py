"""Constant structs are never written: not by name, not through a reference to one, not by a function that gets one.

Constant data of numbers has types that only read (`View[u32]`), but an element that is a struct is reached by a plain
reference. The solution of the escape analysis also says who may refer to constant structs and what each function
writes, so every write and every call is looked at once.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.references import CONSTANT
from metal.compiler.checks.regions import solve
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options

_HINT = "copy it first (`mine = T()`, `assign(mine, it)`), or make it a variable with array(n) and set it in a function"


def check_constants(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M055 for each write through which constant data could change."""
    world = solve(program)
    for solution in world.solutions.values():
        facts = solution.facts
        for address, where in facts.writes:
            if facts.holds[address] >> CONSTANT & 1:
                message = "this may write to constant data, which is read-only"
                diagnostics.add(Diagnostic("M055", where.span, message, _HINT))
        for call in facts.calls:
            for function, summary in world.summaries(call):
                if solution.translate(summary.written, call.arguments) >> CONSTANT & 1:
                    name = function.shown if function is not None else "the called function"
                    message = f"{name} may write to constant data, which is read-only"
                    diagnostics.add(Diagnostic("M055", call.node.span, message, _HINT))
                    break
