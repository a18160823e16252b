"""No reference to the object of an earlier round survives where a loop makes the object anew.

`t = T(...)` in a loop makes a new object each round for Python, but here every round uses the same stack storage. The
two mean the same as long as nothing refers to the old object any more; so at each such making, no variable that may
still be read (other than the one being bound) may lead to the storage, and neither may the new value itself. Which
variables may still be read comes from liveness, backwards through the function, loops until it stands still.
"""

from __future__ import annotations

from functools import cache

from metal.compiler import ir
from metal.compiler.checks.escape import named
from metal.compiler.checks.liveness import Liveness
from metal.compiler.checks.regions import Solution, World, solve
from metal.compiler.checks.rounds import Rounds
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.source import Span


def check_remade(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M213 for storage that is made anew while something refers to what it was before."""
    world = solve(program)
    for function, solution in world.solutions.items():
        if solution.facts.remade:
            _report(world, function, solution, diagnostics)


def _report(world: World, function: ir.Function, solution: Solution, diagnostics: Diagnostics) -> None:
    facts = solution.facts
    read_later = Liveness(function, {statement for statement, _, _ in facts.remade})
    told: set[int] = set()

    @cache
    def follow(thing: int) -> Rounds:
        return Rounds(world, function, solution, thing)

    for statement, thing, value in facts.remade:
        if thing in told:
            continue
        name = named(facts, facts.storages[thing - facts.first_storage])
        hint = f"copy what has to stay, `assign(kept, {name})` with kept made before the loop, or use an array"
        if _leads_to(solution, facts.holds[value], thing) and follow(thing).renews(statement):
            told.add(thing)
            message = f"{name} is made anew here, and would refer to the {name} of the round before"
            diagnostics.add(Diagnostic("M213", statement.span, message, hint))
            continue
        for local in read_later.after(statement):
            if local in facts.makers.get(thing, ()) or facts.objects.get(local) == thing:
                continue
            if not _leads_to(solution, _held(solution, local), thing):
                continue
            if follow(thing).survives(local, statement):
                told.add(thing)
                holder = named(facts, local) if local in facts.objects else local.name
                holder = "something" if local.is_temporary else holder
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
    for address, value, where in facts.stores:
        if facts.holds[address] & holders and facts.holds[value] >> thing & 1:
            return where.span
    return None


def _leads_to(solution: Solution, held: int, thing: int) -> bool:
    return bool((held | solution.reached(held)) >> thing & 1)
