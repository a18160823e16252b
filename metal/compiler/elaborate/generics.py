"""Finding the types of a generic function or struct from the types of its arguments."""

from __future__ import annotations

import ast

from metal.compiler.elaborate.body import Body
from metal.compiler.symbols import FunctionName, StructName, Vocabulary
from metal.compiler.types import (
    LITERAL_FLOAT,
    LITERAL_INT,
    LITERAL_NONE,
    ArrayType,
    AtomicType,
    FunctionType,
    OptionType,
    PointerType,
    RawType,
    ResultType,
    SharedType,
    SliceType,
    StructType,
    Type,
)

UNKNOWN = (LITERAL_INT, LITERAL_FLOAT, LITERAL_NONE)


def infer(
    body: Body, owner: FunctionName | StructName, variables: list[str], annotation: ast.expr, of: Type,
    found: dict[str, Type],
) -> None:  # fmt: skip
    """Match an annotation against the type of an argument; what a variable must be is put into `found`."""
    if isinstance(annotation, ast.Name):
        if annotation.id in variables and annotation.id not in found and of not in UNKNOWN:
            found[annotation.id] = of
    elif isinstance(annotation, ast.BinOp):
        for part in (annotation.left, annotation.right):
            infer(body, owner, variables, part, _without_none(body, of), found)
    elif isinstance(annotation, ast.Subscript):
        symbol = (
            body.unit.resolve(owner.module, annotation.value.id) if isinstance(annotation.value, ast.Name) else None
        )
        parts = list(annotation.slice.elts) if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        for part, inner in zip(parts, _parts(symbol, of), strict=False):
            if isinstance(part, ast.List) and isinstance(of, FunctionType):
                for one, parameter in zip(part.elts, of.parameters, strict=False):
                    infer(body, owner, variables, one, parameter, found)
            elif inner is not None:
                infer(body, owner, variables, part, inner, found)


def _without_none(body: Body, of: Type) -> Type:
    if isinstance(of, PointerType) and of.nullable:
        return body.types.pointer(of.target)
    if isinstance(of, (OptionType, ResultType)):
        return of.value
    return of


def _parts(symbol: object, of: Type) -> list[Type | None]:
    """The parts of a type that stand between the brackets of an annotation of this kind."""
    target = of.target if isinstance(of, PointerType) else of
    if isinstance(symbol, StructName):
        matches = isinstance(target, StructType) and target.declaration is symbol
        return list(target.arguments) if matches and isinstance(target, StructType) else []
    name = symbol.name if isinstance(symbol, Vocabulary) else ""
    if name == "Ptr":
        return [target]
    if name in ("Slice", "View", "Array") and isinstance(target, (SliceType, ArrayType)):
        return [target.element]
    if name == "RawPtr" and isinstance(target, RawType):
        return [target.element]
    if name == "Shared" and isinstance(target, SharedType):
        return [target.element]
    if name == "Atomic" and isinstance(target, AtomicType):
        return [target.element]
    if name == "Callable" and isinstance(target, FunctionType):
        return [None, target.result]
    return []
