"""Between Python objects of `@struct` classes and the bytes a device sees, by the layout the compiler uses."""

from __future__ import annotations

import struct
from typing import Any, TypeVar, cast

from metal.types.records import layout_of

T = TypeVar("T")


def pack(record: object) -> bytes:
    """The record's bytes; array elements that were not given are zero."""
    layout = layout_of(type(record))
    data = bytearray(layout.size)
    for name, offset in layout.offsets.items():
        write_field(data, offset, layout.formats[name], getattr(record, name))
    return bytes(data)


def write_field(data: bytearray, offset: int, code: str, value: Any) -> None:
    """Writes a number, numbers, a record or records."""
    if code and not code[0].isdigit():
        struct.pack_into("<" + code, data, offset, int(value))
    elif code:
        for index, number in enumerate(value):
            struct.pack_into("<" + code[-1], data, offset + index * struct.calcsize("<" + code[-1]), int(number))
    elif is_record(value):
        inner = pack(value)
        data[offset : offset + len(inner)] = inner
    else:
        for element in value:
            inner = pack(element) if is_record(element) else b""
            data[offset : offset + len(inner)] = inner
            offset += len(inner)


def is_record(value: object) -> bool:
    """Whether a value is of a `@struct` class."""
    return hasattr(type(value), "__metal_fields__")


def unpack(kind: type[T], data: bytes) -> T:
    """A record of numbers and arrays of numbers, read from its bytes; short data reads as if followed by zeros."""
    layout = layout_of(kind)
    whole = data.ljust(layout.size, b"\0")
    values: dict[str, object] = {}
    for name, offset in layout.offsets.items():
        code = layout.formats[name]
        numbers = cast("tuple[int, ...]", struct.unpack_from("<" + code, whole, offset))
        values[name] = list(numbers) if code[0].isdigit() else numbers[0]
    return kind(**values)


def size_of(kind: type[object]) -> int:
    """How many bytes a record takes."""
    return layout_of(kind).size
