"""Who calls whom: direct calls, and calls through function values, which reach every function of that type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from metal.compiler import ir
from metal.compiler.checks.walk import functions_named, nodes_below, statements_below
from metal.compiler.types import FunctionType, Type


class NamedFunctions:
    """The functions that are used as values, by their type: all that a call through a value of that type can reach."""

    def __init__(self, program: ir.Program) -> None:
        self._by_type: dict[tuple[tuple[Type, ...], Type], list[ir.Function]] = {}
        for reference in functions_named(program):
            if isinstance(reference.type, FunctionType):
                found = self._by_type.setdefault((reference.type.parameters, reference.type.result), [])
                if reference.function not in found:
                    found.append(reference.function)

    def called(self, call: ir.Call | ir.CallIndirect) -> list[ir.Function]:
        """The functions that a call may reach."""
        if isinstance(call, ir.Call):
            return [call.function]
        of = call.function.type
        return self._by_type.get((of.parameters, of.result), []) if isinstance(of, FunctionType) else []


@dataclass(slots=True)
class CallGraph:
    """For each function, the functions it may call and the first call that does."""

    calls: dict[ir.Function, dict[ir.Function, ir.Call | ir.CallIndirect]] = field(
        default_factory=dict[ir.Function, "dict[ir.Function, ir.Call | ir.CallIndirect]"]
    )

    def reached(self, entries: list[ir.Function]) -> set[ir.Function]:
        """The functions that these lead to, themselves included."""
        found = set(entries)
        pending = list(entries)
        for function in pending:
            for called in self.calls.get(function, ()):
                if called not in found:
                    found.add(called)
                    pending.append(called)
        return found

    def cycles(self) -> list[list[ir.Function]]:
        """One shortest cycle for each group of functions that call each other (or themselves)."""
        return [self._shortest_cycle(group) for group in self._groups() if self._repeats(group)]

    def _repeats(self, group: list[ir.Function]) -> bool:
        return len(group) > 1 or group[0] in self.calls.get(group[0], {})

    def _shortest_cycle(self, group: list[ir.Function]) -> list[ir.Function]:
        """From the function that is written first back to itself, breadth first."""
        members, start = set(group), min(group, key=lambda function: (function.span.file.index, function.span.line))
        roads = {start: [start]}
        pending = [start]
        for function in pending:
            for called in self.calls.get(function, {}):
                if called is start:
                    return roads[function]
                if called in members and called not in roads:
                    roads[called] = [*roads[function], called]
                    pending.append(called)
        return group

    def _groups(self) -> Iterator[list[ir.Function]]:
        """The strongly connected components (Tarjan), without recursion of our own."""
        order: dict[ir.Function, int] = {}
        lowest: dict[ir.Function, int] = {}
        stack: list[ir.Function] = []
        waiting: set[ir.Function] = set()
        for root in self.calls:
            work: list[tuple[ir.Function, Iterator[ir.Function]]] = []
            if root not in order:
                work.append((root, iter(self.calls[root])))
            while work:
                function, callees = work[-1]
                if function not in order:
                    order[function] = lowest[function] = len(order)
                    stack.append(function)
                    waiting.add(function)
                for called in callees:
                    if called not in order:
                        work.append((called, iter(self.calls.get(called, {}))))
                        break
                    if called in waiting:
                        lowest[function] = min(lowest[function], order[called])
                else:
                    work.pop()
                    if work:
                        above = work[-1][0]
                        lowest[above] = min(lowest[above], lowest[function])
                    if lowest[function] == order[function]:
                        at = stack.index(function)
                        group = stack[at:]
                        del stack[at:]
                        waiting.difference_update(group)
                        yield group


def call_graph(program: ir.Program) -> CallGraph:
    """The whole program's graph; foreign functions stand in it without calls of their own."""
    named = NamedFunctions(program)
    graph = CallGraph({function: {} for function in program.functions})
    for function in program.functions:
        callees = graph.calls[function]
        for statement in statements_below(function.body):
            for node in nodes_below(statement):
                if isinstance(node, (ir.Call, ir.CallIndirect)):
                    for called in named.called(node):
                        callees.setdefault(called, node)
    return graph
