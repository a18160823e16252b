"""Arithmetic on numbers: which check each operation needs, and folding of constants."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.elaborate import make
from metal.compiler.elaborate.body import Body, value_rule
from metal.compiler.elaborate.conditions import condition_value
from metal.compiler.elaborate.convert import absent, coerce, shown_expression
from metal.compiler.types import (
    BOOL,
    LITERAL_FLOAT,
    LITERAL_INT,
    TEXT,
    U64,
    EnumType,
    FloatType,
    IntegerType,
    OptionType,
    PointerType,
    RawType,
    ResultType,
    Type,
)

SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%", ast.BitAnd: "&", ast.BitOr: "|",
    ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>", ast.Div: "/",
}  # fmt: skip
NUMBERS = (LITERAL_INT, LITERAL_FLOAT)


@value_rule(ast.BinOp)
def binary_value(body: Body, node: ast.BinOp, wanted: Type | None) -> ir.Value:
    """`a + b` and its like."""
    left, right = body.in_order([lambda: body.value(node.left, wanted), lambda: body.value(node.right, wanted)])
    return arithmetic(body, node, node.op, (node.left, left), (node.right, right), wanted)


Operand = tuple[ast.expr, ir.Value]


def arithmetic(
    body: Body, node: ast.AST, op: ast.operator, first: Operand, second: Operand, wanted: Type | None = None
) -> ir.Value:
    """An operation on two evaluated operands."""
    sign = SIGNS.get(type(op))
    if sign is None:
        name = {"Pow": "**", "MatMult": "@"}.get(type(op).__name__, type(op).__name__)
        raise body.refuse("M016", node, f"{name} is not in the language", "write a loop, or << for powers of 2")
    left, right = _plain(body, *first), _plain(body, *second)
    left, right = _widened(left, first[1], right.type), _widened(right, second[1], left.type)
    if isinstance(left.type, RawType) and sign == "+":
        return _move(body, node, left, right, second[0])
    if left.type in NUMBERS and right.type in NUMBERS:
        if isinstance(left, ir.Constant) and isinstance(right, ir.Constant):
            return _fold_literals(body, node, sign, left, right)
        if not isinstance(wanted, (IntegerType, FloatType)):
            raise body.refuse("M012", node, "what width has this number?", "convert one side: U64(...)")
        left = coerce(body, left, wanted, first[0])
    if sign in ("<<", ">>"):
        return _shift(body, node, sign, first[0], left, right, wanted)
    of = right.type if left.type in NUMBERS else left.type
    if left.type in NUMBERS:
        left = coerce(body, left, of, first[0])
    elif right.type in NUMBERS:
        right = coerce(body, right, of, second[0])
    if left.type is not right.type:
        hint = _mixing_hint((first[0], left.type), (second[0], right.type))
        raise body.refuse(
            "M011", node, f"{left.type} {sign} {right.type}: {right.type} where {left.type} is wanted", hint
        )
    if isinstance(of, FloatType):
        return _float(body, node, sign, left, right)
    if of is BOOL and sign in "&|^":
        flags = left.flags | right.flags
        if sign == "^":
            return make.compare(body.span(node), "!=", left, right)
        return ir.Binary(body.span(node), BOOL, sign, left, right, False, flags=flags)
    if not isinstance(of, IntegerType):
        raise body.refuse("M016", node, f"{of} has no {sign}", _operator_hint(of))
    return integer_arithmetic(body, node, sign, left, right)


def _plain(body: Body, node: ast.expr, value: ir.Value) -> ir.Value:
    """An operand as a number: an IntEnum counts as its number, a value that may be missing does not."""
    of = value.type
    if isinstance(of, EnumType):
        if not of.is_integer:
            raise body.refuse("M016", node, f"{of} is not a number", "an IntEnum is; or write .value")
        if isinstance(value, ir.Constant):
            return make.constant(value.span, LITERAL_INT, value.value)
        return ir.Convert(value.span, of.repr, value, "exact", flags=value.flags)
    if isinstance(of, (OptionType, ResultType)):
        raise absent(body, node, of)
    return value


def _widened(value: ir.Value, given: ir.Value, other: Type) -> ir.Value:
    """A member of an IntEnum beside a wider number takes that number's type."""
    if not isinstance(given.type, EnumType) or not isinstance(other, IntegerType) or isinstance(value, ir.Constant):
        return value
    if other.low <= given.type.repr.low and given.type.repr.high <= other.high:
        return ir.Convert(value.span, other, given, "exact", flags=value.flags)
    return value


def _mixing_hint(first: tuple[ast.expr, Type], second: tuple[ast.expr, Type]) -> str:
    """Which side to convert: the narrower one; of `x += y` always y."""
    (left, of), (right, other) = first, second
    if not isinstance(of, IntegerType) or not isinstance(other, IntegerType):
        return "convert one side"
    if not left._fields or of.bits >= other.bits:
        return f"convert one side: {str(of).upper()}({shown_expression(right)})"
    return f"convert one side: {str(other).upper()}({shown_expression(left)})"


def _operator_hint(of: Type) -> str:
    if of is TEXT:
        return "format with an f-string into a Text of metal.library"
    if of is BOOL:
        return "use and, or, not; or convert: U64(b)"
    return "a RawPtr can be moved: raw + n" if isinstance(of, PointerType) else ""


def _move(body: Body, node: ast.AST, pointer: ir.Value, count: ir.Value, at: ast.expr) -> ir.Value:
    """`raw + n`: the address n elements on."""
    count = coerce(body, count, U64, at)
    assert isinstance(pointer.type, RawType)
    place = ir.RawElementPlace(body.span(node), pointer.type.element, pointer, count, flags=pointer.flags | count.flags)
    address = ir.AddressOf(place.span, body.types.pointer(place.type), place, flags=place.flags)
    return ir.AddressValue(place.span, pointer.type, address, flags=place.flags)


def _fold_literals(body: Body, node: ast.AST, sign: str, left: ir.Constant, right: ir.Constant) -> ir.Value:
    value = _compute(body, node, sign, left.value, right.value)
    kind = LITERAL_FLOAT if isinstance(value, float) else LITERAL_INT
    return make.constant(body.span(node), kind, value)


def _compute(body: Body, node: ast.AST, sign: str, left: int | float, right: int | float) -> int | float:
    """The exact result of an operation on constants."""
    if sign in ("//", "%", "/") and right == 0:
        raise body.refuse("M018", node, "division by zero", "it would trap every time: divide by something else")
    if isinstance(left, float) or isinstance(right, float) or sign == "/":
        if sign == "/" and isinstance(left, int) and isinstance(right, int):
            raise body.refuse(
                "M015", node, "/ on integers: write //", "`/` makes a float in Python; // is floor division"
            )
        table = {"+": left + right, "-": left - right, "*": left * right, "/": left / right if right else 0.0}
        if sign not in table:
            raise body.refuse("M016", node, f"floats have no {sign}")
        return table[sign]
    if sign in ("<<", ">>") and not 0 <= right < 4096:
        raise body.refuse("M017", node, f"shift by {right}")
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "//":
            return left // right
        case "%":
            return left % right
        case "&":
            return left & right
        case "|":
            return left | right
        case "^":
            return left ^ right
        case "<<":
            return left << right
        case _:
            return left >> right


def _float(body: Body, node: ast.AST, sign: str, left: ir.Value, right: ir.Value) -> ir.Value:
    if sign not in ("+", "-", "*", "/"):
        raise body.refuse("M016", node, f"{left.type} has no {sign}", "floats have + - * /")
    return ir.Binary(body.span(node), left.type, sign, left, right, False, flags=left.flags | right.flags)


def _shift(
    body: Body, node: ast.AST, sign: str, at: ast.expr, left: ir.Value, right: ir.Value, wanted: Type | None
) -> ir.Value:
    if left.type is LITERAL_INT:
        if not isinstance(wanted, IntegerType):
            raise body.refuse("M012", at, "what width has this number?", f"write U64({ast.unparse(at)}) {sign} ...")
        left = coerce(body, left, wanted, at)
    of = left.type
    if not isinstance(of, IntegerType):
        raise body.refuse("M016", node, f"{of} has no {sign}")
    if right.type is LITERAL_INT and isinstance(right, ir.Constant):
        if not 0 <= right.value < of.bits:
            raise body.refuse("M017", node, f"shift by {right.value} of {of}", f"{of} has {of.bits} bits")
        right = make.constant(right.span, U64, right.value)
    if not isinstance(right.type, IntegerType):
        raise body.refuse("M016", node, f"a shift by {right.type}", "the count is an integer")
    return integer_arithmetic(body, node, sign, left, right)


def integer_arithmetic(body: Body, node: ast.AST, sign: str, left: ir.Value, right: ir.Value) -> ir.Value:
    """An operation on integers of one type (a shift's count may have another), with the check it needs."""
    of, span = left.type, body.span(node)
    assert isinstance(of, IntegerType)
    if sign == "/":
        raise body.refuse("M015", node, "/ on integers: write //", "`/` makes a float in Python; // is floor division")
    if isinstance(left, ir.Constant) and isinstance(right, ir.Constant):
        folded = _fold_typed(body, node, sign, left, right, of)
        if folded is not None:
            return folded
    flags = left.flags | right.flags
    if sign in ("//", "%"):
        checked = not isinstance(right, ir.Constant)
        if isinstance(right, ir.Constant):
            if right.value == 0:
                raise body.refuse(
                    "M018", node, "division by zero", "it would trap every time: divide by something else"
                )
            checked = right.value == -1
    elif sign in ("<<", ">>"):
        checked = not (isinstance(right, ir.Constant) and 0 <= right.value < of.bits)
    else:
        checked = sign in ("+", "-", "*") and not of.wraps and body.checked
    return ir.Binary(span, of, sign, left, right, checked, flags=flags | (ir.TRAPS if checked else 0))


def _fold_typed(
    body: Body, node: ast.AST, sign: str, left: ir.Constant, right: ir.Constant, of: IntegerType
) -> ir.Value | None:
    if sign in ("<<", ">>") and not 0 <= right.value < of.bits:
        raise body.refuse("M017", node, f"shift by {right.value} of {of}", f"{of} has {of.bits} bits")
    value = int(_compute(body, node, sign, int(left.value), int(right.value)))
    if not of.low <= value <= of.high:
        if sign in ("+", "-", "*", "//") and not of.wraps and body.checked:
            raise body.refuse("M019", node, f"{value} does not fit {of}", f"{of} holds {of.low}..{of.high}")
        value &= (1 << of.bits) - 1
        value = value - (1 << of.bits) if value > of.high else value
    return make.constant(body.span(node), of, value)


@value_rule(ast.UnaryOp)
def unary_value(body: Body, node: ast.UnaryOp, wanted: Type | None) -> ir.Value:
    """`-x`, `~x`, `not x`."""
    if isinstance(node.op, ast.Not):
        return condition_value(body, node)
    value = _plain(body, node.operand, body.value(node.operand, wanted))
    of, span = value.type, body.span(node)
    negative = isinstance(node.op, ast.USub)
    if isinstance(node.op, ast.UAdd) and (of in NUMBERS or isinstance(of, (IntegerType, FloatType))):
        return value
    if isinstance(value, ir.Constant) and of in NUMBERS:
        if negative:
            return make.constant(span, of, -value.value)
        if of is LITERAL_INT and isinstance(wanted, IntegerType) and not wanted.signed:
            return make.constant(span, LITERAL_INT, ~int(value.value) & wanted.high)
        if of is LITERAL_INT:
            return make.constant(span, of, ~int(value.value))
    if isinstance(of, FloatType) and negative:
        return ir.Negate(span, of, value, False, flags=value.flags)
    if not isinstance(of, IntegerType):
        raise body.refuse("M016", node, f"{of} has no {'-' if negative else '~'}")
    if not negative:
        return ir.Invert(span, of, value, flags=value.flags)
    if isinstance(value, ir.Constant):
        folded = _fold_typed(body, node, "-", make.constant(span, of, 0), value, of)
        assert folded is not None
        return folded
    checked = not of.wraps and body.checked
    return ir.Negate(span, of, value, checked, flags=value.flags | (ir.TRAPS if checked else 0))
