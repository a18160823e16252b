"""No outcome is dropped: a result that may be an error is looked at, and an expression statement does something."""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.walk import functions_of, statements_below
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.types import ResultType

_ACTS = (ir.Call, ir.CallIndirect, ir.Intrinsic, ir.AtomicOperation, ir.SharedRead)
"""Values whose making may be the point of a statement, also when the value itself is not wanted."""


def check_dropped(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M204 for a statement that throws a `T | Error` away."""
    for function in functions_of(program):
        for statement in statements_below(function.body):
            if isinstance(statement, ir.Evaluate) and isinstance(statement.value.type, ResultType):
                errors = ", ".join(map(str, statement.value.type.errors))
                message = f"this result of type {statement.value.type} is dropped: it may be {errors}"
                hint = "test it with isinstance(...), return it, or write `_ = ...` to say that every outcome is fine"
                diagnostics.add(Diagnostic("M204", statement.span, message, hint))


def check_effects(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M205 for an expression statement that changes nothing."""
    for function in functions_of(program):
        for statement in statements_below(function.body):
            if not isinstance(statement, ir.Evaluate) or isinstance(statement.value, _ACTS):
                continue
            if statement.value.flags & ir.EFFECTS:
                continue
            compared = isinstance(statement.value, ir.Compare) and statement.value.operation == "=="
            hint = "to assign write = instead of ==" if compared else "use the value, or remove the line"
            diagnostics.add(Diagnostic("M205", statement.span, "this expression does nothing", hint))
