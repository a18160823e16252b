"""Conversions a program asks for: `U32(x)`, `U32.wrap(x)`, `F64(x)`, `State(n)`."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.elaborate import make
from metal.compiler.elaborate.body import Body, word
from metal.compiler.elaborate.convert import absent, coerce
from metal.compiler.symbols import Vocabulary
from metal.compiler.types import (
    BOOL,
    FLOATS,
    INTEGERS,
    LITERAL_FLOAT,
    LITERAL_INT,
    U64,
    EnumType,
    FloatType,
    IntegerType,
    OptionType,
    ResultType,
    Type,
)


def convert_number(body: Body, node: ast.Call, to: IntegerType | EnumType, wrap: bool) -> ir.Value:
    """`U32(x)`: traps when x does not fit; `U32.wrap(x)` and `W32(x)` keep the low bits."""
    inner = node.args[0] if len(node.args) == 1 and isinstance(to, EnumType) else None
    if (
        isinstance(inner, ast.Call)
        and isinstance(body.symbol(inner.func), Vocabulary)
        and ast.unparse(inner.func) == "int"
    ):
        # `State(int(n))` is how a type checker that knows IntEnum only for int is told that n is a number.
        node = inner
    value = _operand(body, node)
    of, span = value.type, body.span(node)
    if isinstance(to, EnumType):
        return _to_enum(body, node, value, to)
    if isinstance(of, (EnumType, IntegerType)) or of is BOOL or of is LITERAL_INT:
        return integer_as(body, node, value, to, wrap or to.wraps)
    if isinstance(of, FloatType) and not wrap:
        return ir.Convert(span, to, value, "checked", flags=value.flags | ir.TRAPS)
    if of is LITERAL_FLOAT and isinstance(value, ir.Constant):
        return coerce(body, make.constant(span, LITERAL_INT, int(value.value)), to, node)
    if isinstance(of, (OptionType, ResultType)):
        raise absent(body, node.args[0], of)
    raise body.refuse("M010", node, f"{of} cannot be converted to {to}")


def _operand(body: Body, node: ast.Call) -> ir.Value:
    if len(node.args) != 1 or node.keywords:
        raise body.refuse("M060", node, "a conversion takes one value")
    return body.value(node.args[0])


def integer_as(body: Body, node: ast.AST, value: ir.Value, to: IntegerType, wrap: bool) -> ir.Value:
    """A number, bool or enum member as an integer of another type."""
    of, span = value.type, body.span(node)
    if isinstance(value, ir.Constant):
        number = int(value.value)
        if wrap:
            number &= (1 << to.bits) - 1
            return make.constant(span, to, number - (1 << to.bits) if number > to.high else number)
        if not to.low <= number <= to.high:
            raise body.refuse("M013", node, f"{number} does not fit {to}", f"{to} holds {to.low}..{to.high}")
        return make.constant(span, to, number)
    if isinstance(of, EnumType):
        value = ir.Convert(span, of.repr, value, "exact", flags=value.flags)
        of = of.repr
    if of is to:
        return value
    low, high = (0, 1) if of is BOOL else (of.low, of.high) if isinstance(of, IntegerType) else (0, 0)
    if to.low <= low and high <= to.high:
        return ir.Convert(span, to, value, "exact", flags=value.flags)
    if wrap:
        return ir.Convert(span, to, value, "wrap", flags=value.flags)
    return ir.Convert(span, to, value, "checked", flags=value.flags | ir.TRAPS)


def _to_enum(body: Body, node: ast.Call, value: ir.Value, to: EnumType) -> ir.Value:
    span = body.span(node)
    if value.type is to:
        return value
    if isinstance(value, ir.Constant):
        if value.value not in to.members.values():
            raise body.refuse("M013", node, f"no member of {to} has the value {value.value}")
        return make.constant(span, to, value.value)
    if not isinstance(value.type, IntegerType):
        raise body.refuse("M010", node, f"{value.type} cannot be converted to {to}")
    return ir.Convert(span, to, value, "checked", flags=value.flags | ir.TRAPS)


def _number_rule(to: IntegerType) -> None:
    @word(to.name.upper())
    def convert(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
        return convert_number(body, node, to, wrap=False)

    del convert


for _type in INTEGERS.values():
    _number_rule(_type)


@word("USIZE")
def convert_usize(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`USIZE(x)` is `U64(x)`."""
    return convert_number(body, node, U64, wrap=False)


def _float_rule(to: FloatType) -> None:
    @word(to.name.upper())
    def convert(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
        return convert_float(body, node, to)

    del convert


for _float in FLOATS.values():
    _float_rule(_float)


def convert_float(body: Body, node: ast.Call, to: FloatType) -> ir.Value:
    """`F64(x)`: to a float, rounding to the nearest."""
    if body.unit.options.kernel:
        raise body.refuse("M082", node, "a kernel has no floats", "count in integers: nanoseconds, parts of 1024")
    value = _operand(body, node)
    if isinstance(value, ir.Constant) and value.type in (LITERAL_INT, LITERAL_FLOAT):
        return make.constant(body.span(node), to, float(value.value))
    if value.type is to:
        return value
    if isinstance(value.type, (IntegerType, FloatType)):
        return ir.Convert(body.span(node), to, value, "float", flags=value.flags)
    raise body.refuse("M010", node, f"{value.type} cannot be converted to {to}")


@word("bool")
def convert_bool(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`bool(x)` hides what is asked."""
    raise body.refuse("M014", node, "bool() is not in the language", "compare: x != 0, x is not None, len(s) > 0")
