"""Follows the references to one storage path by path: what may still lead to it when a loop makes it anew.

The solution of the escape analysis takes statements in any order, so it also says that `found` refers to `t` after
`found = t; break`, though no later round sees that, and that `a` leads to `b` before this round's `a.next = b`. Here a
bit says of each variable that it may refer to the storage itself, and of each other storage of the function that it
may store such a reference; making a storage anew clears its bit. What else leads where is still the solution's word.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.flow import Forward
from metal.compiler.checks.references import CallFact
from metal.compiler.checks.regions import Solution, World
from metal.compiler.checks.walk import bits, nodes_below


class Rounds(Forward):
    """The walk for one storage (`thing`) of one function."""

    def __init__(self, world: World, function: ir.Function, solution: Solution, thing: int) -> None:
        super().__init__()
        self.world = world
        self.solution = solution
        self.thing = thing
        facts = solution.facts
        self.holders = {local for local, variable in facts.variables.items() if facts.holds[variable] >> thing & 1}
        self.bits: dict[ir.Local, int] = {}
        for local in (*self.holders, *facts.storages):
            self.bits[local] = 1 << len(self.bits)
        self.makings: dict[ir.Statement, int] = {}
        """What is so when each of the statements of interest makes the storage anew."""
        self.made = {statement: made for statement, made, _ in facts.remade}
        self.stores: dict[ir.Statement, list[int]] = {}
        for address, value, statement in facts.stores:
            if facts.holds[value] >> thing & 1:
                self.stores.setdefault(statement, []).append(facts.holds[address])
        self.calls: dict[ir.Statement, list[CallFact]] = {}
        for call in facts.calls:
            if any(facts.holds[argument] for argument in call.arguments):
                self.calls.setdefault(call.statement, []).append(call)
        self.block(function.body, 0)

    def survives(self, local: ir.Local, making: ir.Statement) -> bool:
        """Whether the local may lead to what the storage was before this making."""
        return self.leads(local, self.makings.get(making, 0))

    def renews(self, making: ir.Statement) -> bool:
        """Whether what is put into the new storage may lead to what it was before."""
        value = making.value if isinstance(making, ir.Store) else making
        return self.mentions(value, self.makings.get(making, 0))

    def leads(self, local: ir.Local, state: int) -> bool:
        """Whether the local refers to the storage, or leads to an object that stores a reference to it."""
        facts = self.solution.facts
        if local in self.holders and self.bits[local] & state:
            return True
        if local in facts.objects:
            start = 1 << facts.objects[local]
        else:
            start = facts.holds[facts.variables[local]]
        objects = (start | self.solution.reached(start)) & ~(1 << self.thing)
        return bool(self.object_bits(objects) & state)

    def object_bits(self, objects: int) -> int:
        """The bits of those of the objects that are storages of this function."""
        facts, found = self.solution.facts, 0
        for thing in bits(objects & self.solution.local_bits):
            found |= self.bits[facts.storages[thing - facts.first_storage]]
        return found

    def mentions(self, seen: object, state: int) -> bool:
        """Whether an expression names something that leads to the storage."""
        objects = self.solution.facts.objects
        return any(
            isinstance(node, ir.LocalPlace) and (objects.get(node.local) == self.thing or self.leads(node.local, state))
            for node in nodes_below(seen)
        )

    def sees(self, statement: ir.Statement, seen: object, facts: int) -> int:
        made = self.made.get(statement)
        if made == self.thing:
            self.makings[statement] = self.makings.get(statement, 0) | facts
        keeps = 0
        for address in self.stores.get(statement, ()):
            keeps |= self.object_bits(address)
        for call in self.calls.get(statement, ()):
            keeps |= self.object_bits(self.kept_by(call))
        mentioned = bool(keeps) and self.mentions(seen, facts)
        if made is not None:
            facts &= ~self.object_bits(1 << made)
        return facts | keeps if mentioned else facts

    def kept_by(self, call: CallFact) -> int:
        """The objects that a call may let store a reference to the storage."""
        found = 0
        for _, summary in self.world.summaries(call):
            for thing, objects in summary.stored.items():
                if self.solution.translate(objects, call.arguments) >> self.thing & 1:
                    found |= self.solution.translate(1 << thing, call.arguments)
        return found

    def binds(self, statement: ir.Statement, local: ir.Local, facts: int) -> int:
        if local not in self.holders:
            return facts
        bit = self.bits[local]
        if isinstance(statement, ir.Store):
            return facts | bit if self.mentions(statement.value, facts) else facts & ~bit
        return facts | bit if isinstance(statement, ir.Format) else facts
