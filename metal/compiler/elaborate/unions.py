"""Values that may be one of several things: testing which, taking it out, putting it in.

`Ptr[T] | None`, `Callable | None`, `T | None` and `T | Error` differ in storage but are tested and taken apart alike.
"""

from __future__ import annotations

from metal.compiler import ir
from metal.compiler.elaborate import make
from metal.compiler.source import Span
from metal.compiler.types import (
    BOOL,
    LITERAL_NONE,
    NONE,
    EnumType,
    FunctionType,
    OptionType,
    PointerType,
    ResultType,
    Type,
)


def is_union(of: Type) -> bool:
    """Whether values of this type may be one of several things."""
    return isinstance(of, (OptionType, ResultType)) or (isinstance(of, (PointerType, FunctionType)) and of.nullable)


def none_value(span: Span) -> ir.Value:
    """`None` that has no type yet."""
    return ir.Null(span, LITERAL_NONE)


def extract(value: ir.Value, wanted: Type) -> ir.Value:
    """The alternative `wanted` of a union value that is known to be it. The value has no effects."""
    of, span, flags = value.type, value.span, value.flags
    if of is wanted:
        return value
    if wanted is NONE:
        return none_value(span)
    if isinstance(of, (PointerType, FunctionType)):
        return ir.AddressValue(span, wanted, value, flags=flags)
    if isinstance(of, OptionType):
        return extract(ir.OptionValue(span, of.value, value, flags=flags), wanted)
    assert isinstance(of, ResultType)
    if isinstance(wanted, EnumType) and wanted in of.errors:
        return ir.ResultErrorValue(span, wanted, value, flags=flags)
    return extract(ir.ResultValue(span, of.value, value, flags=flags), wanted)


def test(value: ir.Value, wanted: Type) -> ir.Value:
    """Whether a union value is the alternative `wanted`. The value has no effects."""
    of, span, flags = value.type, value.span, value.flags
    if of is wanted:
        return make.true_or_false(span, True)
    if isinstance(of, (PointerType, FunctionType)):
        operation = "==" if wanted is NONE else "!="
        return make.compare(span, operation, value, ir.Null(span, of))
    if isinstance(of, OptionType):
        present = ir.OptionIsSome(span, BOOL, value, flags=flags)
        if wanted is NONE:
            if not is_union(of.value):
                return make.negated(span, present)
            inner = test(ir.OptionValue(span, of.value, value, flags=flags), NONE)
            return make.either(span, make.negated(span, present), inner)
        return make.both(span, present, test(ir.OptionValue(span, of.value, value, flags=flags), wanted))
    assert isinstance(of, ResultType)
    if isinstance(wanted, EnumType) and wanted in of.errors:
        return ir.ResultIs(span, BOOL, value, wanted, flags=flags)
    good = ir.ResultIs(span, BOOL, value, None, flags=flags)
    if of.value is wanted:
        return good
    return make.both(span, good, test(ir.ResultValue(span, of.value, value, flags=flags), wanted))


def test_any(span: Span, value: ir.Value, wanted: tuple[Type, ...], possible: tuple[Type, ...]) -> ir.Value:
    """Whether a value, which is one of `possible`, is one of `wanted`."""
    hit = [alternative for alternative in possible if alternative in wanted]
    if len(hit) == len(possible):
        return make.true_or_false(span, True)
    if not hit:
        return make.true_or_false(span, False)
    result: ir.Value | None = None
    for alternative in hit:
        one = test(value, alternative)
        result = one if result is None else make.either(span, result, one)
    assert result is not None
    return result
