"""Follows a set of facts forwards through a function, along every path that its statements allow.

The set is an integer of bits and only says what *may* be so: where paths meet their sets are united, and a path that
never arrives brings the empty set. Loops are followed until nothing is added.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.returns import statement_ends


class Forward:
    """One walk through one function; a pass says what a statement sees and what binding a variable changes."""

    def __init__(self) -> None:
        self._breaks: list[int] = []
        self._continues: list[int] = []

    def sees(self, statement: ir.Statement, seen: object, facts: int) -> int:
        """The facts after a statement, or the expressions in the head of one, were evaluated with these facts."""
        return facts

    def binds(self, statement: ir.Statement, local: ir.Local, facts: int) -> int:
        """The facts after a statement gave a local a value."""
        return facts

    def block(self, block: ir.Block, facts: int) -> int:
        """The facts after a block."""
        for statement in block:
            facts = self.statement(statement, facts)
        return facts

    def statement(self, statement: ir.Statement, facts: int) -> int:
        """The facts after a statement."""
        match statement:
            case ir.Store(place=ir.LocalPlace(local=local)):
                return self.binds(statement, local, self.sees(statement, statement.value, facts))
            case ir.Format():
                facts = self.sees(statement, statement, facts)
                return self.binds(statement, statement.text, self.binds(statement, statement.buffer, facts))
            case ir.If():
                facts = self.sees(statement, statement.condition, facts)
                return self.block(statement.then, facts) | self.block(statement.otherwise, facts)
            case ir.Switch():
                facts = self.sees(statement, statement.value, facts)
                after = self.block(statement.otherwise, facts)
                for _, case in statement.cases:
                    after |= self.block(case, facts)
                return after
            case ir.While():
                return self._loop(statement, facts)
            case ir.ForRange():
                return self._loop(statement, self.sees(statement, [statement.start, statement.stop], facts))
            case ir.Break():
                self._breaks[-1] |= facts
                return 0
            case ir.Continue():
                self._continues[-1] |= facts
                return 0
            case _:
                facts = self.sees(statement, statement, facts)
                return 0 if statement_ends(statement) else facts

    def _loop(self, statement: ir.While | ir.ForRange, facts: int) -> int:
        head = facts
        while True:
            self._breaks.append(0)
            self._continues.append(0)
            if isinstance(statement, ir.While):
                tested = self.block(statement.before, head)
                left = 0
                if statement.condition is not None:
                    left = tested = self.sees(statement, statement.condition, tested)
                end = self.block(statement.body, tested)
            else:
                left = head
                end = self.block(statement.body, self.binds(statement, statement.variable, head))
            left |= self._breaks.pop()
            again = end | self._continues.pop()
            if not again & ~head:
                return left
            head |= again
