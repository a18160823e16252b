"""Narrowing: what is known at a point of a function about values that may be one of several things.

A *path* is a variable, or attributes of one (`t.next.state`). A fact says which of a path's alternatives are still
possible: of `Ptr[T] | None` the pointer and None, of `T | E` the value and each error. Facts about attributes and
globals are forgotten at calls and stores, because another name may reach the same memory.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.types import (
    NONE,
    FunctionType,
    OptionType,
    PointerType,
    ResultType,
    Type,
    TypeTable,
)

Path = tuple[object, ...]
"""The root (a Local or Global), then names of fields."""
Facts = dict[Path, tuple[Type, ...]]


def alternatives(of: Type, types: TypeTable) -> tuple[Type, ...]:
    """What a value of this type may be; one entry when there is nothing to narrow."""
    if isinstance(of, PointerType) and of.nullable:
        return (types.pointer(of.target), NONE)
    if isinstance(of, FunctionType) and of.nullable:
        return (types.function(of.parameters, of.result), NONE)
    if isinstance(of, OptionType):
        return (*alternatives(of.value, types), NONE)
    if isinstance(of, ResultType):
        return (*alternatives(of.value, types), *of.errors)
    return (of,)


def join(one: Facts | None, other: Facts | None) -> Facts | None:
    """What is known after two roads meet; None is a road that never arrives."""
    if one is None:
        return other
    if other is None:
        return one
    if one is other:
        return one
    joined: Facts = {}
    for path, left in one.items():
        right = other.get(path)
        if right is not None:
            joined[path] = left if left == right else tuple(dict.fromkeys((*left, *right)))
    return joined


def forget_memory(facts: Facts) -> Facts:
    """After a call: only variables of the function itself are still known."""
    return {path: known for path, known in facts.items() if len(path) == 1 and isinstance(path[0], ir.Local)}


def forget_field(facts: Facts, name: str) -> Facts:
    """After a store to a field of this name, of whichever struct."""
    return {path: known for path, known in facts.items() if name not in path[1:]}


def forget_root(facts: Facts, root: object) -> Facts:
    """After a variable was bound anew."""
    return {path: known for path, known in facts.items() if path[0] is not root}
