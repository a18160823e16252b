"""No reference to the object of an earlier round survives where a loop makes the object anew.

`t = T(...)` in a loop makes a new object each round for Python, but here every round uses the same stack storage. The
two mean the same as long as nothing refers to the old object any more; so at each such making, no variable that may
still be read (other than the one being bound) may lead to the storage, and neither may the new value itself. Which
variables may still be read comes from liveness, backwards through the function, loops until it stands still.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.escape import named
from metal.compiler.checks.regions import Solution, bits, solve
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
    told: set[int] = set()
    for statement, thing, value in facts.remade:
        if thing in told:
            continue
        name = named(facts.storages[thing - facts.first_storage])
        hint = f"copy what has to stay, `kept.set({name})` with kept made before the loop, or use elements of an array"
        if _leads_to(solution, facts.holds[value], thing):
            told.add(thing)
            message = f"{name} is made anew here, and would refer to the {name} of the round before"
            diagnostics.add(Diagnostic("M213", statement.span, message, hint))
            continue
        for local in read_later.after(statement):
            if local in facts.makers.get(thing, ()) or facts.objects.get(local) == thing:
                continue
            if _leads_to(solution, _held(solution, local), thing):
                told.add(thing)
                holder = "something" if local.is_temporary else named(local)
                message = f"{holder} still refers to {name} when line {statement.span.line} makes it anew"
                span = _cause(solution, local, thing) or statement.span
                diagnostics.add(Diagnostic("M213", span, message, hint))
                break


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
