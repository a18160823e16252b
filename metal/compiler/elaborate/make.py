"""Builds IR nodes with the right flags, so that the order of evaluation can be kept (`Body.operands`)."""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.source import Span
from metal.compiler.types import (
    BOOL,
    ArrayType,
    PointerType,
    StructType,
    Type,
    TypeTable,
    is_storage,
)

TRAPS, EFFECTS, READS = ir.TRAPS, ir.EFFECTS, ir.READS
CHANGING = EFFECTS | TRAPS | READS


def local_place(span: Span, local: ir.Local) -> ir.LocalPlace:
    """The place of a variable; only storage can change while an expression is evaluated."""
    return ir.LocalPlace(span, local.type, local, flags=READS if is_storage(local.type) else 0)


def load_local(span: Span, local: ir.Local) -> ir.Load:
    """The value of a variable."""
    return ir.Load(span, local.type, ir.LocalPlace(span, local.type, local, flags=0), flags=0)


def load(span: Span, place: ir.Place) -> ir.Value:
    """What stands in a place."""
    if isinstance(place, ir.LocalPlace) and not is_storage(place.type):
        return ir.Load(span, place.type, place, flags=0)
    return ir.Load(span, place.type, place, flags=place.flags | READS)


def address(span: Span, place: ir.Place, types: TypeTable) -> ir.Value:
    """A reference to a place; what a pointer already points at is the pointer itself."""
    if isinstance(place, ir.DerefPlace):
        return place.pointer
    return ir.AddressOf(span, types.pointer(place.type), place, flags=_own(place))


def _own(place: ir.Place) -> int:
    """The flags of computing where a place is: READS only when a pointer or index on the way is read from memory."""
    if isinstance(place, (ir.LocalPlace, ir.GlobalPlace)):
        return 0
    if isinstance(place, ir.FieldPlace):
        return _own(place.base)
    if isinstance(place, ir.ElementPlace):
        return _own(place.base) | place.index.flags | (TRAPS if place.checked else 0)
    return place.flags


def deref(span: Span, pointer: ir.Value) -> ir.Place:
    """The storage a reference reaches."""
    assert isinstance(pointer.type, PointerType)
    if isinstance(pointer, ir.AddressOf):
        return pointer.place
    return ir.DerefPlace(span, pointer.type.target, pointer, flags=pointer.flags | READS)


def field_place(span: Span, base: ir.Place, name: str) -> ir.FieldPlace:
    """A field of a struct in a place."""
    assert isinstance(base.type, StructType)
    return ir.FieldPlace(span, base.type.fields[name].type, base, name, flags=_own(base) | READS)


def element_place(span: Span, base: ir.Place, index: ir.Value, checked: bool = True) -> ir.ElementPlace:
    """An element of an array in a place."""
    assert isinstance(base.type, ArrayType)
    flags = _own(base) | index.flags | READS | (TRAPS if checked else 0)
    return ir.ElementPlace(span, base.type.element, base, index, checked, flags=flags)


def slice_element(span: Span, of: ir.Value, element: Type, index: ir.Value, checked: bool = True) -> ir.Place:
    """An element that a slice reaches."""
    flags = of.flags | index.flags | READS | (TRAPS if checked else 0)
    return ir.SliceElementPlace(span, element, of, index, checked, flags=flags)


def constant(span: Span, of: Type, value: int | float) -> ir.Constant:
    """A number, bool or enum member."""
    return ir.Constant(span, of, value)


def true_or_false(span: Span, value: bool) -> ir.Constant:
    """`True` or `False`."""
    return ir.Constant(span, BOOL, int(value))


def negated(span: Span, value: ir.Value) -> ir.Value:
    """`not value`."""
    if isinstance(value, ir.Constant):
        return ir.Constant(span, BOOL, 0 if value.value else 1)
    if isinstance(value, ir.Not):
        return value.operand
    return ir.Not(span, BOOL, value, flags=value.flags)


def both(span: Span, left: ir.Value, right: ir.Value) -> ir.Value:
    """`left and right`."""
    if isinstance(left, ir.Constant):
        return right if left.value else left
    return ir.And(span, BOOL, left, right, flags=left.flags | right.flags)


def either(span: Span, left: ir.Value, right: ir.Value) -> ir.Value:
    """`left or right`."""
    if isinstance(left, ir.Constant):
        return left if left.value else right
    return ir.Or(span, BOOL, left, right, flags=left.flags | right.flags)


def compare(span: Span, operation: str, left: ir.Value, right: ir.Value) -> ir.Compare:
    """A comparison of two values of one type."""
    return ir.Compare(span, BOOL, operation, left, right, flags=left.flags | right.flags)
