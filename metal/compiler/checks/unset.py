"""Definite assignment: no path reads a variable that it has not given a value.

The set of variables that surely have a value is followed through each function: a branch keeps what both sides gave, a
loop keeps what was given before it (its body may never run) and what every `break` out of an endless loop gave. Code
that cannot be reached has given everything. Rounds of a loop only add to the set, so one pass over a body is enough.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.returns import statement_ends
from metal.compiler.checks.walk import functions_of, nodes_below
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.types import BOOL, FloatType, IntegerType, is_storage

EVERYTHING = -1
"""The set that holds after a statement that never ends: all bits."""


def check_unset(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M201 for each variable that is read while it may be unset."""
    for function in functions_of(program):
        _Function(function, diagnostics).run()


class _Function:
    """One function: a bit for each variable, and the sets that reach the end of the loops around a statement."""

    def __init__(self, function: ir.Function, diagnostics: Diagnostics) -> None:
        self.function = function
        self.diagnostics = diagnostics
        followed = [local for local in function.locals if not local.is_parameter and not is_storage(local.type)]
        self.bits = {local: 1 << index for index, local in enumerate(followed)}
        self.breaks: list[int] = []
        self.told: set[ir.Local] = set()

    def run(self) -> None:
        if self.bits:
            self.block(self.function.body, 0)

    def block(self, block: ir.Block, given: int) -> int:
        for statement in block:
            given = self.statement(statement, given)
        return given

    def statement(self, statement: ir.Statement, given: int) -> int:
        match statement:
            case ir.Store(place=ir.LocalPlace(local=local), value=value):
                self.read(value, given)
                return given | self.bits.get(local, 0)
            case ir.Format():
                self.read(statement, given)
                return given | self.bits.get(statement.text, 0)
            case ir.If():
                self.read(statement.condition, given)
                return self.block(statement.then, given) & self.block(statement.otherwise, given)
            case ir.While():
                return self.loop(statement, given)
            case ir.ForRange():
                self.read(statement, given)
                self.breaks.append(EVERYTHING)
                self.block(statement.body, given | self.bits.get(statement.variable, 0))
                return given & self.breaks.pop()
            case ir.Switch():
                self.read(statement.value, given)
                after = self.block(statement.otherwise, given)
                for _, case in statement.cases:
                    after &= self.block(case, given)
                return after
            case ir.Break():
                if self.breaks:
                    self.breaks[-1] &= given
                return EVERYTHING
            case _:
                self.read(statement, given)
                return EVERYTHING if statement_ends(statement) else given

    def loop(self, statement: ir.While, given: int) -> int:
        self.breaks.append(EVERYTHING)
        tested = self.block(statement.before, given)
        if statement.condition is not None:
            self.read(statement.condition, tested)
        self.block(statement.body, tested)
        left = EVERYTHING if statement.condition is None else tested
        return left & self.breaks.pop()

    def read(self, root: object, given: int) -> None:
        missing = ~given
        for node in nodes_below(root):
            if isinstance(node, ir.LocalPlace) and self.bits.get(node.local, 0) & missing:
                self.tell(node)

    def tell(self, node: ir.LocalPlace) -> None:
        local = node.local
        if local in self.told:
            return
        self.told.add(local)
        self.diagnostics.add(Diagnostic("M201", node.span, f"{local.name} may be unset here", _cure(local)))


def _cure(local: ir.Local) -> str:
    """What to write; with an example where the type has an obvious first value."""
    start = "False" if local.type is BOOL else "0" if isinstance(local.type, (IntegerType, FloatType)) else ""
    example = f", such as `{local.name}: {local.type} = {start}`" if start else ""
    return f"a path leads here on which {local.name} has no value: give it one before{example}"
