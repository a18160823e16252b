"""Walking the typed form without knowing its nodes: what stands directly below a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from metal.compiler import ir

# Fields that point sideways (to declarations) rather than down.
_SIDEWAYS = frozenset({"span", "type", "flags", "local", "target", "function", "variable", "buffer", "text", "kind"})
_SHAPES: dict[type, tuple[str, ...]] = {}


def _shape(of: Any) -> tuple[str, ...]:
    found = _SHAPES.get(of)
    if found is None:
        # The called function of CallIndirect is a value; that of Call and FunctionReference a declaration.
        sideways = _SIDEWAYS - {"function"} if of is ir.CallIndirect else _SIDEWAYS
        found = tuple(field.name for field in fields(of) if field.name not in sideways)
        _SHAPES[of] = found
    return found


def children(node: Any) -> Iterator[Any]:
    """The nodes directly below a node, in order of evaluation as far as the fields tell it."""
    for name in _shape(type(node)):
        yield from _nodes(getattr(node, name))


def _nodes(item: object) -> Iterator[Any]:
    if isinstance(item, ir.Node):
        yield item
    elif isinstance(item, ir.ValuePiece):
        yield item.value
    elif isinstance(item, list | tuple):
        for part in item:  # pyright: ignore[reportUnknownVariableType]
            yield from _nodes(part)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(item, dict):
        for part in item.values():  # pyright: ignore[reportUnknownVariableType]
            yield from _nodes(part)  # pyright: ignore[reportUnknownArgumentType]


def every(nodes: list[ir.Statement]) -> Iterator[Any]:
    """All nodes of a block, each before those below it."""
    waiting: list[Any] = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))
