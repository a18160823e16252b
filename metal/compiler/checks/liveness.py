"""Which locals may still be read after a statement: followed backwards, loops until nothing is added."""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.walk import bits, nodes_below


class Liveness:
    """Which locals may still be read after the statements of interest."""

    def __init__(self, function: ir.Function, wanted: set[ir.Statement]) -> None:
        self.locals = [*function.parameters, *(local for local in function.locals if not local.is_parameter)]
        self.bits = {local: 1 << index for index, local in enumerate(self.locals)}
        self.found = dict.fromkeys(wanted, 0)
        self.uses: dict[ir.Statement, int] = {}
        self.loops: list[tuple[int, int]] = []
        """For each loop around: what is live after it, and where a new round starts."""
        self.block(function.body, 0)

    def after(self, statement: ir.Statement) -> list[ir.Local]:
        """The locals that may be read after this statement."""
        return [self.locals[index] for index in bits(self.found[statement])]

    def block(self, block: ir.Block, live: int) -> int:
        for statement in reversed(block):
            live = self.statement(statement, live)
        return live

    def statement(self, statement: ir.Statement, live: int) -> int:
        if statement in self.found:
            self.found[statement] |= live
        match statement:
            case ir.Store(place=ir.LocalPlace(local=local)):
                return live & ~self.bits[local] | self.used(statement, statement.value)
            case ir.Format():
                return live & ~self.bits[statement.text] | self.used(statement, statement.piece)
            case ir.If():
                inner = self.block(statement.then, live) | self.block(statement.otherwise, live)
                return inner | self.used(statement, statement.condition)
            case ir.Switch():
                inner = self.block(statement.otherwise, live)
                for _, case in statement.cases:
                    inner |= self.block(case, live)
                return inner | self.used(statement, statement.value)
            case ir.While():
                return self.loop(statement, live)
            case ir.ForRange():
                return self.loop(statement, live) | self.used(statement, [statement.start, statement.stop])
            case ir.Return():
                return self.used(statement, statement)
            case ir.Trap():
                return 0
            case ir.Break():
                return self.loops[-1][0]
            case ir.Continue():
                return self.loops[-1][1]
            case _:
                return live | self.used(statement, statement)

    def loop(self, statement: ir.While | ir.ForRange, live: int) -> int:
        start = 0
        while True:
            self.loops.append((live, start))
            if isinstance(statement, ir.While):
                inner = self.block(statement.body, start)
                if statement.condition is not None:
                    inner |= live | self.used(statement, statement.condition)
                inner = self.block(statement.before, inner)
            else:
                inner = live | self.block(statement.body, start | live) & ~self.bits[statement.variable]
            self.loops.pop()
            if not inner & ~start:
                return start
            start |= inner

    def used(self, statement: ir.Statement, root: object) -> int:
        """The locals named in an expression, as bits; worked out once a statement."""
        known = self.uses.get(statement)
        if known is None:
            known = 0
            for node in nodes_below(root):
                if isinstance(node, ir.LocalPlace):
                    known |= self.bits[node.local]
            self.uses[statement] = known
        return known
