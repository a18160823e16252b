"""Sizes and alignments as a C compiler for a 64-bit target lays types out."""

from __future__ import annotations

from metal.compiler.types import (
    BOOL,
    TEXT,
    ArrayType,
    AtomicType,
    EnumType,
    FloatType,
    IntegerType,
    SharedType,
    SliceType,
    StructType,
    Type,
)


def layout(of: Type) -> tuple[int, int]:
    """Size and alignment in bytes of storage of this type."""
    if isinstance(of, (IntegerType, FloatType)):
        return of.bits // 8, of.bits // 8
    if of is BOOL:
        return 1, 1
    if isinstance(of, EnumType):
        return layout(of.repr)
    if isinstance(of, AtomicType):
        return layout(of.element)
    if isinstance(of, ArrayType):
        size, alignment = layout(of.element)
        return size * of.length, alignment
    if isinstance(of, (SliceType, SharedType)) or of is TEXT:
        return 16, 8
    if isinstance(of, StructType):
        offset, widest = 0, max(of.align, 1)
        for field in of.fields.values():
            size, alignment = layout(field.type)
            offset = -(-offset // alignment) * alignment + size
            widest = max(widest, alignment)
        return -(-offset // widest) * widest, widest
    return 8, 8
