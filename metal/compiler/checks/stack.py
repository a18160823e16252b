"""The worst-case stack of each entry of a program: the deepest road through the call graph, in bytes.

Frame sizes are the C compiler's own (`-fstack-usage`). A function without one was inlined: its frame is part of its
callers'. What C code of other libraries takes is not known and is named; recursion has no bound and is named too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from metal.compiler import ir
from metal.compiler.checks.calls import CallGraph, call_graph

_USAGE = re.compile(r"^.*:(?P<name>[^:\t]+)\t(?P<bytes>\d+)\t(?P<kind>.*)$")


@dataclass(slots=True)
class EntryStack:
    """What one entry needs at most."""

    entry: ir.Function
    bytes: int
    road: list[ir.Function]
    """The calls of the deepest road, the entry first."""
    unknown: list[ir.Function] = field(default_factory=list[ir.Function])
    """Foreign functions it may call: their frames are not counted."""
    recursive: list[ir.Function] = field(default_factory=list[ir.Function])
    """Functions it may call that recurse: the number of bytes is for one round only."""


def read_frames(usage: str) -> dict[str, int]:
    """Frame sizes by symbol, from the text of a `.su` file."""
    frames: dict[str, int] = {}
    for line in usage.splitlines():
        match = _USAGE.match(line)
        if match:
            frames[match["name"]] = int(match["bytes"])
    return frames


def worst_stacks(program: ir.Program, frames: dict[str, int], call_bytes: int = 0) -> list[EntryStack]:
    """A row for each entry: exported functions and `main`, deepest first.

    `call_bytes` is what the instruction of a call itself pushes on this family of CPUs.
    """
    graph = call_graph(program)
    recursive = {function for cycle in graph.cycles() for function in cycle}
    depths = _Depths(graph, frames, call_bytes)
    called = {callee for callees in graph.calls.values() for callee in callees}
    rows: list[EntryStack] = []
    for function in program.functions:
        is_entry = function is program.entry or (function.exported is not None and not function.foreign)
        if is_entry and not (function.exported is None and function in called):
            reached = _reached(graph, function)
            rows.append(
                EntryStack(
                    function,
                    depths.of(function),
                    depths.road(function),
                    [other for other in reached if other.foreign],
                    [other for other in reached if other in recursive],
                )
            )
    return sorted(rows, key=lambda row: -row.bytes)


def draw_stacks(rows: list[EntryStack]) -> str:
    """The table for people: bytes, entry, deepest road, what is not counted."""
    lines = [f"{'bytes':>7}  entry"]
    for row in rows:
        lines.append(f"{row.bytes:>7}  {row.entry.shown}")
        if len(row.road) > 1:
            lines.append(f"{'':>9}deepest: {' -> '.join(function.shown for function in row.road)}")
        for what, functions in (("not counted, foreign", row.unknown), ("no bound, recursive", row.recursive)):
            if functions:
                lines.append(f"{'':>9}{what}: {', '.join(function.shown for function in functions)}")
    return "\n".join(lines)


class _Depths:
    """The deepest stack below each function; a call back into the road that is being measured counts as nothing."""

    def __init__(self, graph: CallGraph, frames: dict[str, int], call_bytes: int) -> None:
        self.graph = graph
        self.frames = frames
        self.call_bytes = call_bytes
        self.known: dict[ir.Function, tuple[int, ir.Function | None]] = {}

    def own(self, function: ir.Function) -> int:
        size = self.frames.get(function.exported or function.name)
        return 0 if size is None else size + self.call_bytes

    def of(self, function: ir.Function) -> int:
        """Bytes, worked out bottom up without recursion of our own."""
        work = [function]
        active: set[ir.Function] = set()
        while work:
            here = work[-1]
            if here in self.known:
                work.pop()
                continue
            missing = [called for called in self.graph.calls[here] if called not in self.known and called not in active]
            if missing and here not in active:
                active.add(here)
                work += missing
                continue
            deepest = max(
                (called for called in self.graph.calls[here] if called in self.known),
                key=lambda called: self.known[called][0],
                default=None,
            )
            below = self.known[deepest][0] if deepest is not None else 0
            self.known[here] = (self.own(here) + below, deepest)
            active.discard(here)
            work.pop()
        return self.known[function][0]

    def road(self, function: ir.Function) -> list[ir.Function]:
        """The functions of the deepest road that have a frame of their own."""
        found: list[ir.Function] = []
        here: ir.Function | None = function
        while here is not None:
            if self.own(here) or here is function:
                found.append(here)
            here = self.known[here][1]
        return found


def _reached(graph: CallGraph, start: ir.Function) -> list[ir.Function]:
    seen = {start: None}
    pending = [start]
    for function in pending:
        for called in graph.calls[function]:
            if called not in seen:
                seen[called] = None
                pending.append(called)
    return list(seen)
