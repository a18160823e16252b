"""No reference to the object of an earlier round survives where a loop makes the object anew.

`t = T(...)` in a loop makes a new object each round for Python, but here every round uses the same stack storage. The
two mean the same as long as nothing refers to the old object any more; so at each such making, no variable that may
still be read (other than the one being bound) may lead to the storage, and neither may the new value itself. Which
variables may still be read comes from liveness, backwards through the function, loops until it stands still.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.escape import named
from metal.compiler.checks.flow import Forward
from metal.compiler.checks.liveness import Liveness
from metal.compiler.checks.regions import Solution, solve
from metal.compiler.checks.walk import nodes_below
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.source import Span


def check_remade(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M213 for storage that is made anew while something refers to what it was before."""
    for function, solution in solve(program).solutions.items():
        if solution.facts.remade:
            _report(function, solution, diagnostics)


def _report(function: ir.Function, solution: Solution, diagnostics: Diagnostics) -> None:
    facts = solution.facts
    read_later = Liveness(function, {statement for statement, _, _ in facts.remade})
    rounds: dict[int, Rounds] = {}
    told: set[int] = set()
    for statement, thing, value in facts.remade:
        if thing in told:
            continue
        name = named(facts, facts.storages[thing - facts.first_storage])
        hint = f"copy what has to stay, `kept.set({name})` with kept made before the loop, or use elements of an array"
        if _leads_to(solution, facts.holds[value], thing):
            told.add(thing)
            message = f"{name} is made anew here, and would refer to the {name} of the round before"
            diagnostics.add(Diagnostic("M213", statement.span, message, hint))
            continue
        for local in read_later.after(statement):
            if local in facts.makers.get(thing, ()) or facts.objects.get(local) == thing:
                continue
            if not _leads_to(solution, _held(solution, local), thing):
                continue
            if thing not in rounds:
                rounds[thing] = Rounds(function, solution, thing)
            if rounds[thing].survives(local, statement):
                told.add(thing)
                holder = named(facts, local) if local in facts.objects else local.name
                holder = "something" if local.is_temporary else holder
                message = f"{holder} still refers to {name} when line {statement.span.line} makes it anew"
                span = _cause(solution, local, thing) or statement.span
                diagnostics.add(Diagnostic("M213", span, message, hint))
                break


class Rounds(Forward):
    """Which variables may refer to one storage at each of its makings, path by path.

    The solution takes statements in any order, so it also says that `found` refers to `t` after `found = t; break`,
    though no later round sees that. Here variables that refer to the storage itself are followed in order; those that
    lead to it through other objects count at all times.
    """

    def __init__(self, function: ir.Function, solution: Solution, thing: int) -> None:
        super().__init__()
        self.solution = solution
        self.thing = thing
        facts = solution.facts
        locals_ = [local for local, variable in facts.variables.items() if facts.holds[variable] >> thing & 1]
        self.bits = {local: 1 << index for index, local in enumerate(locals_)}
        self.makings = {statement: 0 for statement, made, _ in facts.remade if made == thing}
        self.block(function.body, 0)

    def survives(self, local: ir.Local, making: ir.Statement) -> bool:
        """Whether the local may lead to what the storage was before this making."""
        return self._through_others(local) or bool(self.bits.get(local, 0) & self.makings[making])

    def _through_others(self, local: ir.Local) -> bool:
        others = _held(self.solution, local) & ~(1 << self.thing)
        return local in self.solution.facts.objects or _leads_to(self.solution, others, self.thing)

    def binds(self, statement: ir.Statement, local: ir.Local, facts: int) -> int:
        if statement in self.makings:
            self.makings[statement] |= facts
        bit = self.bits.get(local, 0)
        if not isinstance(statement, ir.Store):
            return facts | bit if isinstance(statement, ir.Format) else facts
        refers = bit and any(self._mentions(node, facts) for node in nodes_below(statement.value))
        return facts | bit if refers else facts & ~bit

    def _mentions(self, node: ir.Place | ir.Value, facts: int) -> bool:
        if not isinstance(node, ir.LocalPlace):
            return False
        return bool(
            self.solution.facts.objects.get(node.local) == self.thing
            or self.bits.get(node.local, 0) & facts
            or _leads_to(self.solution, _held(self.solution, node.local) & ~(1 << self.thing), self.thing)
        )


def _held(solution: Solution, local: ir.Local) -> int:
    """What a variable refers to, or a storage stores."""
    facts = solution.facts
    if local in facts.objects:
        return solution.stored.get(facts.objects[local], 0)
    return facts.holds[facts.variables[local]]


def _cause(solution: Solution, local: ir.Local, thing: int) -> Span | None:
    """The first line that lets this variable (or an object it leads to) refer to the storage."""
    facts = solution.facts
    for bound, value, span in facts.bindings:
        if bound is local and _leads_to(solution, facts.holds[value], thing):
            return span
    held = _held(solution, local)
    holders = held | solution.reached(held)
    if local in facts.objects:
        holders |= 1 << facts.objects[local]
    for address, value, span in facts.stores:
        if facts.holds[address] & holders and facts.holds[value] >> thing & 1:
            return span
    return None


def _leads_to(solution: Solution, held: int, thing: int) -> bool:
    return bool((held | solution.reached(held)) >> thing & 1)
