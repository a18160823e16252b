"""Memory that another process may change holds numbers only, or structs and arrays of numbers.

A reference, a bool or an enum that came from there could be anything: an address of our own memory, a truth that is
neither, a member that does not exist. Numbers have no wrong values; what they stand for is checked after copying.
"""

from __future__ import annotations

from collections.abc import Iterator

from metal.compiler import ir
from metal.compiler.diagnostics import Diagnostic, Diagnostics
from metal.compiler.options import Options
from metal.compiler.source import Span
from metal.compiler.types import (
    BOOL,
    ArrayType,
    AtomicType,
    EnumType,
    FloatType,
    IntegerType,
    OptionType,
    SharedType,
    SliceType,
    StructType,
    TupleType,
    Type,
)


def check_shared(program: ir.Program, diagnostics: Diagnostics, options: Options) -> None:
    """M214 for each variable, parameter, field or global of a `Shared[T]` whose T is more than numbers."""
    for place, of in _declared(program):
        shared = _shared_in(of)
        wrong = _not_a_number(shared.element) if shared is not None else ""
        if wrong:
            message = f"{shared}: another process may write anything there, so it cannot hold {wrong}"
            hint = "share numbers, and check them after copying: State(n) traps unless n is a member, n != 0 is a bool"
            diagnostics.add(Diagnostic("M214", place, message, hint))


def _declared(program: ir.Program) -> Iterator[tuple[Span, Type]]:
    for function in program.functions:
        for local in (*function.parameters, *function.locals):
            if not local.is_temporary:
                yield local.span, local.type
    for variable in program.globals:
        yield variable.span, variable.type
    for struct in program.structs:
        for part in struct.fields.values():
            if isinstance(part.span, Span):
                yield part.span, part.type


def _shared_in(of: Type) -> SharedType | None:
    if isinstance(of, SharedType):
        return of
    if isinstance(of, (ArrayType, SliceType)):
        return _shared_in(of.element)
    if isinstance(of, OptionType):
        return _shared_in(of.value)
    if isinstance(of, TupleType):
        return next((found for found in map(_shared_in, of.items) if found is not None), None)
    return None


def _not_a_number(of: Type) -> str:
    """What in this type could have a wrong value; empty when nothing could."""
    if isinstance(of, (IntegerType, FloatType)):
        return ""
    if isinstance(of, (ArrayType, AtomicType)):
        return _not_a_number(of.element)
    if isinstance(of, StructType):
        for part in of.fields.values():
            wrong = _not_a_number(part.type)
            if wrong:
                return f"{part.name}, {wrong}" if "," not in wrong else wrong
        return ""
    if of is BOOL:
        return "a bool"
    return f"the enum {of}" if isinstance(of, EnumType) else f"a {of}"
