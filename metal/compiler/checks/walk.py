"""Walks over finished IR: the statements of a block, the places and values below a node."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import cast

from metal.compiler import ir

_PARTS: dict[type[object], tuple[str, ...]] = {}
"""For each class of nodes, the fields that may hold places and values; blocks are the walker's own business."""

_BLOCKS = frozenset({"then", "otherwise", "before", "body", "cases"})


def _parts(of: type[object]) -> tuple[str, ...]:
    found = _PARTS.get(of)
    if found is None:
        names: list[str] = [f.name for f in dataclasses.fields(of)]  # type: ignore[arg-type]
        skipped: set[str] = {"span", "type", "flags"}
        if issubclass(of, ir.Statement):
            skipped |= _BLOCKS
        if issubclass(of, ir.Call):
            skipped.add("function")
        found = _PARTS[of] = tuple(name for name in names if name not in skipped)
    return found


def nodes_below(root: object) -> Iterator[ir.Place | ir.Value]:
    """Every place and value of an expression, or of one statement without the blocks inside it, in no set order."""
    pending: list[object] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, (ir.Place, ir.Value)):
            yield node
        elif isinstance(node, list):
            pending.extend(cast("list[object]", node))
            continue
        elif isinstance(node, dict):
            pending.extend(cast("dict[str, object]", node).values())
            continue
        elif not isinstance(node, (ir.Statement, ir.ValuePiece)):
            continue
        for name in _parts(type(node)):
            part = getattr(node, name)
            if isinstance(part, (ir.Place, ir.Value, ir.ValuePiece, list, dict)):
                pending.append(cast("object", part))


def blocks_of(statement: ir.Statement) -> list[ir.Block]:
    """The blocks inside a statement."""
    if isinstance(statement, ir.If):
        return [statement.then, statement.otherwise]
    if isinstance(statement, ir.While):
        return [statement.before, statement.body]
    if isinstance(statement, ir.ForRange):
        return [statement.body]
    if isinstance(statement, ir.Switch):
        return [*(block for _, block in statement.cases), statement.otherwise]
    return []


def statements_below(block: ir.Block) -> Iterator[ir.Statement]:
    """Every statement of a block and of the blocks inside it, outer ones first."""
    for statement in block:
        yield statement
        for inner in blocks_of(statement):
            yield from statements_below(inner)


def functions_of(program: ir.Program) -> Iterator[ir.Function]:
    """The functions whose body the compiler wrote: not foreign, not naked."""
    return (function for function in program.functions if not function.foreign and not function.naked)


def functions_named(program: ir.Program) -> Iterator[ir.FunctionReference]:
    """Every place where a function is used as a value: code, initial values of globals, defaults of fields."""
    for function in program.functions:
        for statement in statements_below(function.body):
            for node in nodes_below(statement):
                if isinstance(node, ir.FunctionReference):
                    yield node
    roots: list[object] = [variable.value for variable in program.globals]
    roots += [field.default for struct in program.structs for field in struct.fields.values()]
    for root in roots:
        for node in nodes_below(root):
            if isinstance(node, ir.FunctionReference):
                yield node


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
