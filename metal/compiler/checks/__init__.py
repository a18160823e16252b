"""The proofs every program has to pass after it is translated: small passes over the finished typed form.

Each pass looks for one kind of mistake and changes nothing; the order is the order of the messages a person would want
first. A name in `Options.skip_checks` leaves a pass out, which tests use to show that each one is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from metal.compiler import ir
from metal.compiler.checks.constants import check_constants
from metal.compiler.checks.escape import check_escape
from metal.compiler.checks.kernel import check_floats, check_recursion
from metal.compiler.checks.remade import check_remade
from metal.compiler.checks.returns import check_returns, check_unreachable
from metal.compiler.checks.shared import check_shared
from metal.compiler.checks.unset import check_unset
from metal.compiler.diagnostics import Diagnostics
from metal.compiler.options import Options

PASSES: dict[str, Callable[[ir.Program, Diagnostics, Options], None]] = {
    "unset": check_unset,
    "returns": check_returns,
    "unreachable": check_unreachable,
    "escape": check_escape,
    "remade": check_remade,
    "constants": check_constants,
    "shared": check_shared,
    "recursion": check_recursion,
    "floats": check_floats,
}


def run(program: ir.Program, diagnostics: Diagnostics, options: Options, broken: set[ir.Function]) -> None:
    """Every pass that is not left out, over the functions that were translated without a mistake."""
    sound = [function for function in program.functions if function not in broken]
    looked_at = replace(program, functions=sound) if broken else program
    for name, check in PASSES.items():
        if name not in options.skip_checks:
            check(looked_at, diagnostics, options)
