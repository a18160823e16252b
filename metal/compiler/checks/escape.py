"""No reference to stack storage outlives the function that made the storage.

The theory. *Objects* are what references refer to: each storage of a function, what each of its parameters refers to,
all that lies beyond that (reached through references stored there), and the outer world (globals, constants). Within
a function an object is one thing, whatever fields it has, and statements count in any order; so the sets "variable v
may refer to these objects" and "object o may store references to these objects" only grow, and their least solution
says at least what can happen. A function's summary is what its result may refer to and what its parameters' objects
and the world may store afterwards, in terms of its parameters; a call applies the summary to its arguments. A call
through a function value applies the summary of every function of that type that is used as a value; when there is
none, everything may be kept anywhere. Foreign functions are trusted to keep nothing; numbers made from addresses are
the business of UNSAFE modules. The stack's objects of a function die when it returns, all others live on; hence a
reference to one may not be returned (M210) nor stored in an object that is not on the same stack, here (M211) or by a
function that is called (M212). The check `remade` adds the rule for storage that a loop makes anew.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.checks.references import CallFact, Facts, target_of
from metal.compiler.checks.regions import OUTSIDE, Solution, World, parameter_of, solve
from metal.compiler.checks.walk import bits
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.source import Span


def check_escape(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M210, M211, M212 for each way on which a reference to stack storage leaves its function."""
    world = solve(program)
    for function, solution in world.solutions.items():
        if solution.facts.storages:
            _report(world, function, solution, diagnostics)


def _report(world: World, function: ir.Function, solution: Solution, diagnostics: Diagnostics) -> None:
    facts = solution.facts
    local = solution.local_bits
    for value, span in facts.returns:
        for storage in _storages(solution, facts.holds[value]):
            message = f"{named(facts, storage)} lives on this stack, which ends when {function.shown} returns"
            diagnostics.add(Diagnostic("M210", span, message, _made(storage)))
    for address, source, where in facts.stores:
        into = facts.holds[address] & ~local
        for storage in _storages(solution, facts.holds[source] if into else 0):
            message = f"{named(facts, storage)} lives on this stack and may not be stored in {_owner(solution, into)}"
            diagnostics.add(Diagnostic("M211", where.span, message, _made(storage)))
    for call in facts.calls:
        _report_call(world, solution, call, diagnostics)


def _report_call(world: World, solution: Solution, call: CallFact, diagnostics: Diagnostics) -> None:
    """One message for each storage that the called function keeps."""
    facts = solution.facts
    span = call.node.span
    told: set[ir.Local] = set()
    for function, summary in world.summaries(call):
        for thing, objects in summary.stored.items():
            into = solution.translate(1 << thing, call.arguments) & ~solution.local_bits
            if not into:
                continue
            for source in bits(objects):
                for storage in _storages(solution, solution.translate(1 << source, call.arguments)):
                    if storage in told:
                        continue
                    told.add(storage)
                    if function is None:
                        keeper = "a function of which nothing is known may keep"
                        hint = "no function of this type is used as a value in the program, so none can be looked at"
                    else:
                        keeper = f"{function.shown} keeps"
                        cause = _cause(world, function, source, thing)
                        where = f"it is kept at {cause.file.shown}:{cause.line}; " if cause is not None else ""
                        hint = f"{where}give it storage that lives as long: a global, or storage of the caller"
                    message = f"{named(facts, storage)} lives on this stack, but {keeper} a reference to it"
                    diagnostics.add(Diagnostic("M212", span, message, hint))


def _cause(world: World, function: ir.Function, source: int, thing: int) -> Span | None:
    """The line that keeps a reference: a store in this function or in one it calls."""
    seen: set[tuple[ir.Function, int, int]] = set()
    pending = [(function, source, thing)]
    while pending:
        here = pending.pop(0)
        solution = world.solutions.get(here[0])
        if here in seen or solution is None:
            continue
        seen.add(here)
        held, into = 1 << here[1], 1 << here[2]
        facts = solution.facts
        for address, value, where in facts.stores:
            if facts.holds[address] & into and facts.holds[value] & held:
                return where.span
        for call in facts.calls:
            for called, summary in world.summaries(call):
                for inner, objects in summary.stored.items():
                    if called is None or not solution.translate(1 << inner, call.arguments) & into:
                        continue
                    pending += [
                        (called, from_, inner)
                        for from_ in bits(objects)
                        if solution.translate(1 << from_, call.arguments) & held
                    ]
    return None


def _made(storage: ir.Local) -> str:
    cure = "let the caller pass the storage in, keep a global, or copy the values with assign(...)"
    return f"it was made on line {storage.span.line}: {cure}"


def _storages(solution: Solution, objects: int) -> list[ir.Local]:
    """The storages of this stack among these objects."""
    first = solution.facts.first_storage
    return [solution.facts.storages[thing - first] for thing in bits(objects & solution.local_bits)]


def _owner(solution: Solution, objects: int) -> str:
    """What outlives the function, for a person: a global, or what a parameter refers to."""
    if objects & OUTSIDE:
        return "a global"
    thing = next(bits(objects))
    index = parameter_of(thing)
    parameter = solution.facts.function.parameters[index].name
    return f"what {parameter} refers to" if thing == target_of(index) else f"what is reached through {parameter}"


def named(facts: Facts, storage: ir.Local) -> str:
    """What the programmer calls a storage: the variable that is bound to it where it is made."""
    for maker in facts.makers.get(facts.objects[storage], ()):
        if not maker.is_temporary:
            return maker.name
    if "_storage" not in storage.name:  # only one variable ever names it, so the storage has its name
        return storage.name
    return f"the {storage.type} made on line {storage.span.line}"
