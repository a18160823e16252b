"""The memory of the interpreter: storage as Python objects, so that aliasing is identity and nothing has a layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from metal.compiler.types import (
    BOOL,
    TEXT,
    ArrayType,
    AtomicType,
    EnumType,
    FloatType,
    IntegerType,
    OptionType,
    SharedType,
    SliceType,
    StructType,
    Type,
    is_storage,
)


class Storage:
    """A struct, an array or an atomic: parts by name or index. A pointer to it is the object itself."""

    __slots__ = ("parts", "type")

    def __init__(self, of: Type, parts: Any) -> None:
        self.type = of
        self.parts = parts


@dataclass(frozen=True, slots=True)
class Spot:
    """A pointer to one part that is no storage itself, or an unchecked pointer into an array."""

    base: Any
    key: Any


@dataclass(frozen=True, slots=True)
class View:
    """A slice, view, text or shared: `length` parts of a list from `start` on."""

    parts: Any
    start: int
    length: int

    def items(self) -> list[Any]:
        """Copies of the elements."""
        return list(self.parts[self.start : self.start + self.length])


@dataclass(frozen=True, slots=True)
class Some:
    """A present value of an option; None is the missing one."""

    value: Any


@dataclass(frozen=True, slots=True)
class Ok:
    """A good result."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """A result that is an error."""

    enum: EnumType
    number: int


def zero(of: Type) -> Any:
    """What all zero bytes mean for a type."""
    match of:
        case StructType():
            return Storage(of, {name: zero(field.type) for name, field in of.fields.items()})
        case ArrayType():
            return Storage(of, [zero(of.element) for _ in range(of.length)])
        case AtomicType():
            return Storage(of, {"value": zero(of.element)})
        case FloatType():
            return 0.0
        case SliceType() | SharedType():
            return View([], 0, 0)
        case IntegerType() | EnumType():
            return 0
        case OptionType():
            return None
        case _:
            return View(b"", 0, 0) if of is TEXT else 0 if of is BOOL else None


def _inline(of: Type, keys: Any) -> Iterator[tuple[Any, bool]]:
    """The parts of storage, and whether each is storage itself rather than a number or a reference."""
    if isinstance(of, StructType):
        yield from ((name, is_storage(field.type)) for name, field in of.fields.items())
    elif isinstance(of, ArrayType):
        holds = is_storage(of.element)
        yield from ((index, holds) for index in range(len(keys)))
    else:
        yield "value", False


def assign(target: Storage, source: Storage) -> None:
    """Copies all parts; the target stays the object that others point at."""
    for key, inline in _inline(target.type, target.parts):
        if inline:
            assign(target.parts[key], source.parts[key])
        else:
            target.parts[key] = source.parts[key]


def copied(value: Storage) -> Storage:
    """Storage with the same content that shares nothing with the original."""
    fresh = Storage(value.type, value.parts.copy())
    for key, inline in _inline(fresh.type, fresh.parts):
        if inline:
            fresh.parts[key] = copied(fresh.parts[key])
    return fresh
