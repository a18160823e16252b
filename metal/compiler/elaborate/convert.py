"""What may stand where a type is wanted: literals take its width, references become slices, values enter unions."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.diagnostics import Refused
from metal.compiler.elaborate import make, unions
from metal.compiler.elaborate.body import Body
from metal.compiler.elaborate.facts import Path, alternatives
from metal.compiler.symbols import GlobalName
from metal.compiler.types import (
    BOOL,
    ERROR,
    LITERAL_FLOAT,
    LITERAL_INT,
    LITERAL_NONE,
    NEVER,
    NONE,
    TEXT,
    ArrayType,
    EnumType,
    FloatType,
    FunctionType,
    IntegerType,
    OptionType,
    PointerType,
    ResultType,
    SliceType,
    Type,
)


def coerce(body: Body, value: ir.Value, to: Type, node: ast.AST, possible: tuple[Type, ...] | None = None) -> ir.Value:
    """The value as type `to`, or a refusal that says why not. `possible`: what narrowing left of a union value."""
    converted = attempt(body, value, to, node, possible)
    if converted is None:
        raise mismatch(body, value.type, to, node, possible)
    return converted


def absent(body: Body, node: ast.expr, of: Type) -> Refused:
    """The refusal of a value that may be missing, or an error, where it is used."""
    name = ast.unparse(node)
    held = name if isinstance(node, (ast.Name, ast.Attribute)) else "r"
    first = "test it first" if held == name else f"name it and test it: `r = {name}`"
    if isinstance(of, ResultType):
        errors = " or ".join(map(str, of.errors))
        hint = f"{first}: `if isinstance({held}, {of.errors[0]}): return {held}`"
        return body.refuse("M021", node, f"{name} may be {errors} here", hint.replace("`: `", "; "))
    hint = f"{first}: `if {held} is None: return`"
    return body.refuse("M020", node, f"{name} may be None here", hint.replace("`: `", "; "))


def shown_expression(node: ast.AST) -> str:
    """An expression as the source has it, for a hint; `...` when there is none or it is long."""
    text = ast.unparse(node) if isinstance(node, ast.expr) and node._fields else "..."
    return text if len(text) <= 40 else "..."


def mismatch(body: Body, of: Type, to: Type, node: ast.AST, possible: tuple[Type, ...] | None = None) -> Refused:
    """The refusal of a value of one type where another is wanted, with the advice that fits the pair."""
    hint = ""
    name = shown_expression(node)
    shown = " | ".join(str(a) for a in possible) if possible else str(of)
    if isinstance(of, PointerType) and isinstance(to, PointerType) and of.target is to.target:
        return absent(body, node, of) if isinstance(node, ast.expr) and node._fields else _may_be_none(body, node)
    if isinstance(of, (ResultType, OptionType)) and isinstance(node, ast.expr) and node._fields:
        found = absent(body, node, of).diagnostic
        return body.refuse(found.code, node, f"{shown} where {to} is wanted: {found.message}", found.hint)
    if (
        (isinstance(to, IntegerType) and isinstance(of, (IntegerType, FloatType, EnumType)))
        or (isinstance(to, IntegerType) and of is BOOL)
        or (isinstance(to, FloatType) and isinstance(of, (IntegerType, FloatType)))
    ):
        hint = f"convert it: {str(to).upper()}({name})"
    elif isinstance(to, SliceType) and to.writable and isinstance(of, SliceType):
        hint = "a View only reads: take a Slice of storage that may be written, or let the parameter be a View"
    elif isinstance(to, SliceType) and of is TEXT:
        hint = f"write {name}.encode() for the bytes of a text"
    elif of is LITERAL_NONE:
        hint = f"only `{to} | None` may be None"
    elif to is BOOL and isinstance(of, (IntegerType, PointerType)):
        hint = f"compare it: {name} != 0" if isinstance(of, IntegerType) else f"compare it: {name} is not None"
    return body.refuse("M010", node, f"{shown} where {to} is wanted", hint)


def _may_be_none(body: Body, node: ast.AST) -> Refused:
    return body.refuse("M020", node, "this may be None here", "test it first: `if x is None: return`")


def attempt(
    body: Body, value: ir.Value, to: Type, node: ast.AST, possible: tuple[Type, ...] | None = None
) -> ir.Value | None:
    """The value as type `to`; None when it cannot be."""
    of = value.type
    if of is to or of is ERROR or to is ERROR:
        return value
    if of is NEVER:
        return never_comes(body, value, to)
    if of is LITERAL_INT or of is LITERAL_FLOAT:
        return _literal(body, value, to, node)
    if of is LITERAL_NONE:
        return _none(value, to)
    if isinstance(to, (OptionType, ResultType)):
        return _into_union(body, value, to, node, possible)
    if unions.is_union(of) and possible is not None and len(possible) == 1:
        return attempt(body, unions.extract(body.stable(value), possible[0]), to, node)
    return _same_kind(body, value, to)


def never_comes(body: Body, value: ir.Value, to: Type) -> ir.Value:
    """A call that does not come back, where a value is wanted: it is made, and what follows is never reached."""
    if not isinstance(value, ir.Zero):
        body.emit(ir.Evaluate(value.span, value))
    return ir.Zero(value.span, to)


def _same_kind(body: Body, value: ir.Value, to: Type) -> ir.Value | None:
    of, span = value.type, value.span
    if isinstance(to, PointerType) and isinstance(of, PointerType):
        if of.target is to.target and to.nullable and not of.nullable:
            return ir.AddressValue(span, to, value, flags=value.flags)
        return None
    if isinstance(to, FunctionType) and isinstance(of, FunctionType):
        same = of.parameters == to.parameters and (of.result is to.result)
        return ir.AddressValue(span, to, value, flags=value.flags) if same and to.nullable else None
    if isinstance(to, SliceType):
        if isinstance(of, PointerType) and not of.nullable and isinstance(of.target, ArrayType):
            if of.target.element is to.element:
                return ir.SliceOfArray(span, to, make.deref(span, value), flags=value.flags & ~ir.READS)
        elif isinstance(of, SliceType) and of.element is to.element and not to.writable:
            return ir.SliceAs(span, to, value, flags=value.flags)
        return None
    if isinstance(of, EnumType) and of.is_integer and isinstance(to, IntegerType):
        if isinstance(value, ir.Constant) and to.low <= value.value <= to.high:
            return make.constant(span, to, value.value)
        if to.low <= of.repr.low and of.repr.high <= to.high:
            return ir.Convert(span, to, value, "exact", flags=value.flags)
    return None


def _literal(body: Body, value: ir.Value, to: Type, node: ast.AST) -> ir.Value | None:
    if isinstance(value, ir.Select):
        then = attempt(body, value.then, to, node)
        otherwise = attempt(body, value.otherwise, to, node)
        if then is None or otherwise is None:
            return None
        return ir.Select(value.span, then.type, value.condition, then, otherwise, flags=value.flags)
    assert isinstance(value, ir.Constant)
    if isinstance(to, IntegerType) and value.type is LITERAL_INT:
        if not to.low <= value.value <= to.high:
            text = f"{value.value} does not fit {to}"
            raise body.refuse("M013", node, text, f"{to} holds {to.low}..{to.high}")
        return ir.Constant(value.span, to, value.value)
    if isinstance(to, FloatType):
        return ir.Constant(value.span, to, float(value.value))
    if isinstance(to, OptionType):
        inner = _literal(body, value, to.value, node)
        return None if inner is None else ir.OptionSome(value.span, to, inner)
    if isinstance(to, ResultType):
        inner = _literal(body, value, to.value, node)
        return None if inner is None else ir.ResultOk(value.span, to, inner)
    return None


def _none(value: ir.Value, to: Type) -> ir.Value | None:
    span = value.span
    if isinstance(to, (PointerType, FunctionType)):
        return ir.Null(span, to) if to.nullable else None
    if isinstance(to, OptionType):
        return ir.OptionNone(span, to)
    if isinstance(to, ResultType):
        if to.value is NONE:
            return ir.ResultOk(span, to, None)
        inner = _none(value, to.value)
        return None if inner is None else ir.ResultOk(span, to, inner)
    return None


def _into_union(
    body: Body, value: ir.Value, to: OptionType | ResultType, node: ast.AST, possible: tuple[Type, ...] | None
) -> ir.Value | None:
    of, span = value.type, value.span
    if isinstance(to, ResultType) and isinstance(of, EnumType) and of in to.errors:
        return ir.ResultError(span, to, value, flags=value.flags)
    if of is NONE and isinstance(to, ResultType) and to.value is NONE:
        body.emit(ir.Evaluate(span, value))
        return ir.ResultOk(span, to, None)
    inner = attempt(body, value, to.value, node, possible)
    if inner is not None:
        kind = ir.OptionSome if isinstance(to, OptionType) else ir.ResultOk
        return kind(span, to, inner, flags=inner.flags)
    if unions.is_union(of):
        return _rewrap(body, value, to, node, possible or alternatives(of, body.types))
    return None


def _rewrap(body: Body, value: ir.Value, to: Type, node: ast.AST, possible: tuple[Type, ...]) -> ir.Value | None:
    """A union value as another union: one road for each alternative that is still possible."""
    span = value.span
    value = body.stable(value)
    target = body.temporary(span, to)
    outer = body.block
    roads: list[tuple[Type, ir.Block]] = []
    for alternative in possible:
        body.block = []
        taken = attempt(body, unions.extract(value, alternative), to, node)
        if taken is None:
            body.block = outer
            return None
        body.emit(ir.Store(span, make.local_place(span, target), taken))
        roads.append((alternative, body.block))
    body.block = outer
    chain: ir.Block = roads[-1][1]
    for alternative, block in reversed(roads[:-1]):
        chain = [ir.If(span, unions.test(value, alternative), block, chain)]
    body.block.extend(chain)
    return make.load_local(span, target)


def typed(body: Body, value: ir.Value, node: ast.AST, name: str = "x") -> ir.Value:
    """A value that has a type of its own; a literal has none."""
    if value.type is LITERAL_INT:
        raise body.refuse("M012", node, f"what width has {name}?", f"write {name}: u64 = ...")
    if value.type is LITERAL_FLOAT:
        raise body.refuse("M012", node, f"what width has {name}?", f"write {name}: f64 = ...")
    if value.type is LITERAL_NONE:
        raise body.refuse("M012", node, f"what is {name} when it is not None?", f"write {name}: Ptr[T] | None = None")
    return value


def value_as(body: Body, node: ast.expr, to: Type) -> ir.Value:
    """An expression's value where type `to` is wanted."""
    value = body.value(node, to)
    return coerce(body, value, to, node, possible_of(body, node, value))


def possible_of(body: Body, node: ast.expr, value: ir.Value) -> tuple[Type, ...] | None:
    """What narrowing left of a union value that stands in a path."""
    if not unions.is_union(value.type):
        return None
    return body.known(path_of(body, node), value.type)


def path_of(body: Body, node: ast.AST) -> Path | None:
    """The path an expression names: a variable, or attributes of one; None for anything else."""
    names: list[object] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    root: object = body.names.get(node.id)
    if root is None:
        symbol = body.symbol(node)
        if not isinstance(symbol, GlobalName) or symbol.target is None:
            return None
        root = symbol.target
    names.append(root)
    return tuple(reversed(names))
