"""Every path of a function with a result ends in `return`, and every statement can be reached.

A block ends when its last reached statement never goes on: `return`, `break`, `continue`, `panic`, a call that never
returns, an `if` or `match` whose every branch ends, an endless loop without `break`. A condition that happens to be
constant counts as open both ways, so that `if CPUS == 1: return` does not make the rest of a function dead.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.walk import blocks_of, functions_of, statements_below
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.types import NEVER, NONE, FunctionType


def check_returns(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M202 for a function whose end can be reached without a value."""
    for function in functions_of(program):
        if function.result is NONE or ends(function.body):
            continue
        if function.result is NEVER:
            message = f"{function.shown} promises NoReturn, but a path reaches its end"
            hint = "end it in `while True:`, in panic(...) or in a call of another NoReturn function"
        else:
            message = f"a path reaches the end of {function.shown} without return"
            hint = f"every path returns a value of type {function.result}: add a return at the end"
        diagnostics.add(Diagnostic("M202", function.span, message, hint))


def check_unreachable(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M203 for the first statement of a block that no path reaches."""
    for function in functions_of(program):
        _find_unreachable(function.body, diagnostics)
        for statement in statements_below(function.body):
            for block in blocks_of(statement):
                _find_unreachable(block, diagnostics)


def _find_unreachable(block: ir.Block, diagnostics: Diagnostics) -> None:
    for index, statement in enumerate(block):
        if not statement_ends(statement):
            continue
        for later in block[index + 1 :]:
            # What the compiler adds (leaving a `with`, the trap after a match) stands at the construct it belongs to.
            if later.span.line > statement.span.end_line:
                what = "the statement above never goes on to it"
                diagnostics.add(Diagnostic("M203", later.span, "unreachable statement", f"{what}: remove one of them"))
                break
        return


def ends(block: ir.Block) -> bool:
    """Whether no path goes through this block to what follows it."""
    return any(statement_ends(statement) for statement in block)


def statement_ends(statement: ir.Statement) -> bool:
    """Whether no path goes on after this statement."""
    match statement:
        case ir.Return() | ir.Break() | ir.Continue() | ir.Trap():
            return True
        case ir.Evaluate(value=value):
            return never_returns(value)
        case ir.Output(stream="panic"):
            return True
        case ir.If():
            return ends(statement.then) and ends(statement.otherwise)
        case ir.Switch():
            return ends(statement.otherwise) and all(ends(block) for _, block in statement.cases)
        case ir.While(condition=None):
            return not _breaks([*statement.before, *statement.body])
        case _:
            return False


def never_returns(value: ir.Value) -> bool:
    """Whether this is a call from which control does not come back."""
    if isinstance(value, ir.Call):
        return value.function.never_returns
    if isinstance(value, ir.CallIndirect):
        return isinstance(value.function.type, FunctionType) and value.function.type.result is NEVER
    return False


def _breaks(block: ir.Block) -> bool:
    """Whether a `break` of the loop around this block stands in it."""
    for statement in block:
        if isinstance(statement, ir.Break):
            return True
        if isinstance(statement, (ir.If, ir.Switch)) and any(map(_breaks, blocks_of(statement))):
            return True
    return False
