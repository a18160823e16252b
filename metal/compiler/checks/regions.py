"""Solves the facts about references of all functions together: who may refer to what, and what calls do about it.

The sets of a function grow until nothing changes; then its `Summary` says what its callers must know. Summaries grow
too, and a function is solved again when one that it calls has grown, so recursion needs nothing special.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from metal.compiler import ir
from metal.compiler.checks.calls import NamedFunctions
from metal.compiler.checks.references import (
    CONSTANT,
    NOWHERE,
    WORLD,
    CallFact,
    Carriers,
    Collector,
    Facts,
    beyond,
    target_of,
)
from metal.compiler.checks.walk import bits, functions_of


@dataclass(slots=True)
class Summary:
    """What a call of a function does with references, in the numbers of its parameters' objects."""

    result: int = 0
    """Objects that the result may refer to."""
    stored: dict[int, int] = field(default_factory=dict[int, int])
    """For each object outside of the function: the objects that it may refer to afterwards."""
    written: int = 0
    """Objects in which something is written."""


@dataclass(slots=True)
class Solution:
    """One function's facts, and what its outer and local objects store."""

    facts: Facts
    stored: dict[int, int]
    local_bits: int
    """The objects on this function's stack."""
    summary: Summary = field(default_factory=Summary)

    def reached(self, start: int) -> int:
        """The objects that those in `start` lead to, over any number of steps."""
        found = 0
        pending = start
        while pending:
            step = 0
            for thing in bits(pending):
                step |= self.stored.get(thing, 0)
            pending = step & ~found
            found |= step
        return found

    def translate(self, objects: int, arguments: list[int]) -> int:
        """Objects of a called function's summary as objects of this function."""
        found = objects & OUTSIDE
        for thing in bits(objects & ~OUTSIDE):
            held = self.facts.holds[arguments[parameter_of(thing)]]
            found |= held if thing == target_of(parameter_of(thing)) else self.reached(held)
        return found


OUTSIDE = 1 << WORLD | 1 << CONSTANT
"""The objects that are the same in every function."""


def parameter_of(thing: int) -> int:
    """The parameter that an object belongs to."""
    return (thing - target_of(0)) // 2


@lru_cache(maxsize=1)
def solve(program: ir.Program) -> World:
    """The solutions for a finished program; the passes that ask one after another share one."""
    return World(program)


class World:
    """The solutions of all functions of a program."""

    def __init__(self, program: ir.Program) -> None:
        types = Carriers(program.globals)
        self.solutions: dict[ir.Function, Solution] = {}
        self.callers: dict[ir.Function, set[ir.Function]] = {}
        self.named = NamedFunctions(program)
        for function in functions_of(program):
            self.solutions[function] = _start(Collector(function, types).facts)
        for function, solution in self.solutions.items():
            for call in solution.facts.calls:
                for called in self.called(call):
                    self.callers.setdefault(called, set()).add(function)
        self._solve_all()

    def called(self, call: CallFact) -> list[ir.Function]:
        """The functions that a call may reach."""
        return self.named.called(call.node)

    def summaries(self, call: CallFact) -> list[tuple[ir.Function | None, Summary]]:
        """What a call may do: one summary a function that it may reach."""
        called = self.called(call)
        if not called:
            return [(None, _worst(len(call.arguments)))]
        found: list[tuple[ir.Function | None, Summary]] = []
        for function in called:
            solution = self.solutions.get(function)
            found.append((function, solution.summary if solution is not None else _FOREIGN))
        return found

    def _solve_all(self) -> None:
        pending = dict.fromkeys(self._callees_first())
        while pending:
            function = next(iter(pending))
            del pending[function]
            solution = self.solutions[function]
            self._grow(solution)
            summary = self._summarize(solution)
            if summary != solution.summary:
                solution.summary = summary
                pending.update(dict.fromkeys(self.callers.get(function, ())))

    def _callees_first(self) -> Iterator[ir.Function]:
        """Every function, as a rule after those that it calls."""
        seen: set[ir.Function] = set()
        for root in self.solutions:
            pending: list[tuple[ir.Function, Iterator[ir.Function]]] = []
            if root not in seen:
                seen.add(root)
                pending.append((root, self._callees(root)))
            while pending:
                function, callees = pending[-1]
                for callee in callees:
                    if callee not in seen and callee in self.solutions:
                        seen.add(callee)
                        pending.append((callee, self._callees(callee)))
                        break
                else:
                    pending.pop()
                    yield function

    def _callees(self, function: ir.Function) -> Iterator[ir.Function]:
        return (called for call in self.solutions[function].facts.calls for called in self.called(call))

    def _grow(self, solution: Solution) -> None:
        """Apply every fact until the sets stand still."""
        facts = solution.facts
        holds = facts.holds
        stored = solution.stored
        changed = True
        while changed:
            changed = False
            for to, source in facts.copies:
                if holds[source] & ~holds[to]:
                    holds[to] |= holds[source]
                    changed = True
            for to, address, only in facts.loads:
                found = 0
                for thing in bits(holds[address]):
                    found |= stored.get(thing, 0)
                found &= only
                if found & ~holds[to]:
                    holds[to] |= found
                    changed = True
            for address, source, _ in facts.stores:
                changed |= _put(solution, holds[address], holds[source])
            for call in facts.calls:
                for _, summary in self.summaries(call):
                    for thing, objects in summary.stored.items():
                        into = solution.translate(1 << thing, call.arguments)
                        if into:
                            changed |= _put(solution, into, solution.translate(objects, call.arguments))
                    if call.result != NOWHERE:
                        found = solution.translate(summary.result, call.arguments) & call.only
                        if found & ~holds[call.result]:
                            holds[call.result] |= found
                            changed = True

    def _summarize(self, solution: Solution) -> Summary:
        """What callers have to know of a function, as far as it is solved."""
        facts = solution.facts
        result = 0
        for value, _ in facts.returns:
            result |= facts.holds[value]
        written = 0
        for address, _ in facts.writes:
            written |= facts.holds[address]
        for call in facts.calls:
            for _, summary in self.summaries(call):
                written |= solution.translate(summary.written, call.arguments)
        stored = {thing: objects for thing, objects in _outer(solution) if objects}
        return Summary(result & ~solution.local_bits, stored, written & ~solution.local_bits & ~OUTSIDE)


_FOREIGN = Summary(1 << WORLD)
"""C functions are trusted to keep no reference; what they return is theirs."""


@cache
def _worst(parameters: int) -> Summary:
    """A function nothing is known about: everything may end up anywhere."""
    end = target_of(parameters)
    everything = (1 << end) - 1 & ~(1 << CONSTANT)
    return Summary(everything, dict.fromkeys((WORLD, *range(target_of(0), end)), everything), everything & ~OUTSIDE)


def _start(facts: Facts) -> Solution:
    stored = {WORLD: 1 << WORLD, CONSTANT: OUTSIDE}
    for index in range(len(facts.function.parameters)):
        stored[target_of(index)] = stored[beyond(index)] = 1 << beyond(index)
    first = facts.first_storage
    return Solution(facts, stored, ((1 << len(facts.storages)) - 1) << first)


def _put(solution: Solution, into: int, objects: int) -> bool:
    """Let objects store references; what outlives the function never gets one to its stack (that is reported)."""
    changed = False
    for thing in bits(into):
        wanted = objects if 1 << thing & solution.local_bits else objects & ~solution.local_bits
        known = solution.stored.get(thing, 0)
        if wanted & ~known:
            solution.stored[thing] = known | wanted
            changed = True
    return changed


def _outer(solution: Solution) -> Iterable[tuple[int, int]]:
    """For each object outside of the function, what was added to what it stores anyway."""
    yield WORLD, solution.stored[WORLD] & ~(1 << WORLD)
    for index in range(len(solution.facts.function.parameters)):
        anyway = 1 << beyond(index)
        yield target_of(index), solution.stored[target_of(index)] & ~anyway
        yield beyond(index), solution.stored[beyond(index)] & ~anyway
