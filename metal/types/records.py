"""`@struct`: a class that is storage with the layout of C, and the same layout for the host (`layout_of`)."""

from __future__ import annotations

import copy
import enum
import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform, get_args, get_origin

from metal.types.memory import Array
from metal.types.numbers import (
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    W8,
    W16,
    W32,
    W64,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Layout:
    """Where the fields of a struct stand, as a C compiler for a 64-bit target places them."""

    size: int
    alignment: int
    offsets: dict[str, int]
    formats: dict[str, str]
    """One `struct` module code a field that is a number, such as `I` for a u32; arrays of numbers as `8I`."""


if TYPE_CHECKING:

    @dataclass_transform()
    def struct(declared: type[T], /) -> type[T]:
        """Storage with the layout of C: inline in fields, arrays, globals and `x = T(...)`; elsewhere a reference."""
        ...

    def size_of(of: type[object], /) -> int:
        """How many bytes a struct takes: a constant."""
        ...

    def offset_of(of: type[object], field: str, /) -> int:
        """How many bytes stand before a field of a struct: a constant."""
        ...

else:

    def size_of(of):
        return layout_of(of).size

    def offset_of(of, field):
        return layout_of(of).offsets[field]

    def struct(declared):
        names = list(inspect.get_annotations(declared))
        defaults = {name: declared.__dict__[name] for name in names if name in declared.__dict__}
        for name in defaults:
            delattr(declared, name)

        def construct(self, *arguments, **keywords):
            if len(arguments) > len(names):
                raise TypeError(f"{declared.__name__} has {len(names)} fields, not {len(arguments)}")
            values = dict(zip(names, arguments, strict=False), **keywords)
            for name in names:
                if name in values:
                    setattr(self, name, values[name])
                elif name in defaults:
                    setattr(self, name, copy.deepcopy(defaults[name]))
                else:
                    raise TypeError(f"{declared.__name__} needs a value for {name}")

        declared.__init__ = construct
        declared.__metal_fields__ = names
        declared.__metal_defaults__ = defaults
        return declared


_CODES: list[tuple[tuple[type[Any], ...], str, int]] = [
    ((U8, W8), "B", 1), ((U16, W16), "H", 2), ((U32, W32), "I", 4), ((U64, W64), "Q", 8),
    ((I8,), "b", 1), ((I16,), "h", 2), ((I32,), "i", 4), ((I64,), "q", 8), ((F32,), "f", 4), ((F64,), "d", 8),
]  # fmt: skip


def layout_of(declared: type[Any]) -> Layout:
    """Size, offsets and codes of a `@struct` class, equal to what the compiled program uses."""
    names: list[str] = declared.__metal_fields__
    scope = vars(sys.modules[declared.__module__])
    offset = 0
    widest: int = getattr(declared, "__metal_align__", 1)
    offsets: dict[str, int] = {}
    formats: dict[str, str] = {}
    for name in names:
        annotation: Any = declared.__annotations__[name]
        resolved: Any = eval(annotation, scope) if isinstance(annotation, str) else annotation
        size, alignment, code = _measure(resolved, declared.__metal_defaults__.get(name))
        offset = -(-offset // alignment) * alignment
        offsets[name], formats[name] = offset, code
        offset += size
        widest = max(widest, alignment)
    return Layout(-(-offset // widest) * widest, widest, offsets, formats)


def _measure(kind: Any, default: Any) -> tuple[int, int, str]:
    """Size, alignment and code of one field."""
    if kind is bool:
        return 1, 1, "?"
    if isinstance(kind, type) and hasattr(kind, "__metal_fields__"):
        inner = layout_of(kind)
        return inner.size, inner.alignment, ""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _measure_enum(kind)
    members = get_args(kind)
    for types, code, size in _CODES:
        if kind in types or any(member in types for member in members):
            return size, size, code
    choices: list[Any] = [kind, *members]
    if any("ptr" in getattr(choice, "__metadata__", ()) for choice in choices):
        return 8, 8, "Q"
    if get_origin(kind) is Array and isinstance(default, Array):
        return _measure_array(members[0], default)
    raise TypeError(f"layout_of cannot place a field of type {kind}")


def _measure_enum(kind: type[enum.Enum]) -> tuple[int, int, str]:
    """An enum takes the smallest unsigned (or signed) integer that holds its values."""
    values = [int(member.value) for member in kind]
    low, high = min(values), max(values)
    for _, code, size in _CODES[4:8] if low < 0 else _CODES[:4]:
        bits = size * 8
        if low >= -(1 << (bits - 1)) if low < 0 else high < 1 << bits:
            return size, size, code
    raise TypeError(f"the values of {kind.__name__} need more than 64 bits")


def _measure_array(element: Any, default: Any) -> tuple[int, int, str]:
    """An array is its elements, one after the other; arrays of arrays multiply."""
    count = 1
    while True:
        count *= len(default)
        if get_origin(element) is not Array:
            break
        element = get_args(element)[0]
        default = default[0]
    size, alignment, code = _measure(element, None)
    return size * count, alignment, f"{count}{code}" if code else ""
