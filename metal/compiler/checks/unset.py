"""Definite assignment: no path reads a variable that it has not given a value.

Followed forwards is the set of variables that may have no value yet: all of them at the start, fewer after each
assignment; where paths meet, what may be unset on one of them may be unset after them.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.flow import Forward
from metal.compiler.checks.walk import functions_of, nodes_below
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.types import BOOL, FloatType, IntegerType, is_storage


def check_unset(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M201 for each variable that is read while it may be unset."""
    for function in functions_of(program):
        followed = [local for local in function.locals if not local.is_parameter and not is_storage(local.type)]
        if followed:
            walk = _Unset(followed, diagnostics)
            walk.block(function.body, (1 << len(followed)) - 1)


class _Unset(Forward):
    def __init__(self, followed: list[ir.Local], diagnostics: Diagnostics) -> None:
        super().__init__()
        self.bits = {local: 1 << index for index, local in enumerate(followed)}
        self.diagnostics = diagnostics
        self.told: set[ir.Local] = set()

    def sees(self, statement: ir.Statement, seen: object, facts: int) -> int:
        if facts:
            for node in nodes_below(seen):
                if isinstance(node, ir.LocalPlace) and self.bits.get(node.local, 0) & facts:
                    self.tell(node)
        return facts

    def binds(self, statement: ir.Statement, local: ir.Local, facts: int) -> int:
        return facts & ~self.bits.get(local, 0)

    def tell(self, node: ir.LocalPlace) -> None:
        local = node.local
        if local not in self.told:
            self.told.add(local)
            self.diagnostics.add(Diagnostic("M201", node.span, f"{local.name} may be unset here", _cure(local)))


def _cure(local: ir.Local) -> str:
    """What to write; with an example where the type has an obvious first value."""
    start = "False" if local.type is BOOL else "0" if isinstance(local.type, (IntegerType, FloatType)) else ""
    example = f", such as `{local.name}: {local.type} = {start}`" if start else ""
    return f"a path leads here on which {local.name} has no value: give it one before{example}"
