"""The worst stack of a program: each function's own frame from the C compiler, added up along the calls."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from metal.compiler import ir
from metal.compiler.walk import every


@dataclass
class StackReport:
    """Bytes of stack by exported function; None where recursion or foreign code leaves it open."""

    entries: dict[str, int | None] = field(default_factory=dict[str, "int | None"])
    # The chain of functions that needs the most, outermost first, by entry.
    deepest: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def as_json(self) -> str:
        """The report as it is kept beside the program."""
        return json.dumps(asdict(self))


def read_frames(path: Path, call_bytes: int) -> dict[str, int]:
    """The frame of each function that still exists in the machine code, and what its call needs.

    Frames are as clang and gcc write them; gcc counts the return address already, so that its bound is a little higher.
    """
    frames: dict[str, int] = {}
    for line in path.read_text().splitlines():
        place, size, _kind = line.rsplit("\t", 2)
        frames[place.rsplit(":", 1)[1]] = int(size) + call_bytes
    return frames


def worst_stacks(program: ir.Program, usage: Path, call_bytes: int = 0) -> StackReport:
    """The worst stack of each exported function.

    An inlined callee has no frame of its own (its variables are in the caller's), so counting it as zero and its
    callees in full gives a bound for whatever the C compiler chose to inline. A call through a function value counts
    as the deepest function whose address is taken anywhere and whose type fits.
    """
    frames = read_frames(usage, call_bytes) if usage.exists() else {}
    calls = {function: _callees(function, program) for function in program.functions}
    # The runtime's own functions call each other in one chain; the C compiler may add calls of the memory functions.
    output = sum(size for name, size in frames.items() if name.startswith("metal_put_") or name == "metal_end")
    memory = max((frames.get(name, 0) for name in ("memcpy", "memmove", "memset", "memcmp")), default=0)
    done: dict[ir.Function, tuple[int, list[str]] | None] = {}
    active: set[ir.Function] = set()

    def depth(function: ir.Function) -> tuple[int, list[str]] | None:
        if function in done:
            return done[function]
        if function.foreign and function.exported in frames:
            # A function of the runtime, which calls no other.
            return frames[function.exported], [function.shown]
        if function in active or function.foreign:
            return None
        active.add(function)
        worst: tuple[int, list[str]] | None = (0, [])
        for callee in calls[function]:
            below = depth(callee)
            if below is None:
                worst = None
                break
            assert worst is not None
            worst = max(worst, below, key=lambda found: found[0])
        active.discard(function)
        own = frames.get(function.name, frames.get(function.exported or "", 0))
        prints = any(isinstance(node, ir.Output | ir.Format) for node in every(function.body))
        own += memory + (output if prints else 0)
        done[function] = None if worst is None else (own + worst[0], [function.shown, *worst[1]])
        return done[function]

    report = StackReport()
    for function in program.functions:
        if function.exported is None or function.foreign:
            continue
        found = depth(function)
        report.entries[function.exported] = None if found is None else found[0]
        report.deepest[function.exported] = [] if found is None else found[1]
    return report


def _callees(function: ir.Function, program: ir.Program) -> list[ir.Function]:
    found: dict[ir.Function, None] = {}
    for node in every(function.body):
        if isinstance(node, ir.Call):
            found[node.function] = None
        elif isinstance(node, ir.CallIndirect):
            for candidate in _address_taken(program):
                if _fits(candidate, node):
                    found[candidate] = None
        elif isinstance(node, ir.Output):
            found.update(dict.fromkeys(writer for writer in program.functions if writer.exported == "metal_write"))
    return list(found)


def _fits(function: ir.Function, call: ir.CallIndirect) -> bool:
    given = [argument.type for argument in call.arguments]
    wanted = [local.type for local in function.parameters]
    return function.result is call.type and len(given) == len(wanted) and all(map(lambda a, b: a is b, given, wanted))


_taken: dict[int, list[ir.Function]] = {}


def _address_taken(program: ir.Program) -> list[ir.Function]:
    if id(program) not in _taken:
        _taken.clear()
        nodes = [node for function in program.functions for node in every(function.body)]
        values: list[ir.Statement] = [
            ir.Evaluate(item.span, item.value) for item in program.globals if item.value is not None
        ]
        references = [node for node in (*nodes, *every(values)) if isinstance(node, ir.FunctionReference)]
        _taken[id(program)] = list({node.function: None for node in references})
    return _taken[id(program)]
