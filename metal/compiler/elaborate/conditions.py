"""Conditions: comparisons, `and`, `or`, `not`, `isinstance`, and what each road after them knows."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from metal.compiler import ir
from metal.compiler.elaborate import make, unions
from metal.compiler.elaborate.body import Body, value_rule
from metal.compiler.elaborate.convert import absent, attempt, coerce, path_of, shown_expression, typed
from metal.compiler.elaborate.declared import Annotations
from metal.compiler.elaborate.facts import Facts, Path, alternatives, join
from metal.compiler.symbols import EnumName, Symbol, Vocabulary
from metal.compiler.types import (
    BOOL,
    INTEGERS,
    LITERAL_FLOAT,
    LITERAL_INT,
    LITERAL_NONE,
    NONE,
    TEXT,
    EnumType,
    FloatType,
    FunctionType,
    IntegerType,
    MemberType,
    OptionType,
    PointerType,
    ResultType,
    SliceType,
    Type,
)


@dataclass(slots=True)
class Condition:
    """A bool, and what is known when it holds and when it does not."""

    value: ir.Value
    holds: Facts | None
    fails: Facts | None


def condition(body: Body, node: ast.expr) -> Condition:
    """Lower a condition; `body.facts` is left as it was after evaluating it, before anything was learnt."""
    if isinstance(node, ast.BoolOp):
        return _bool_operation(body, node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = condition(body, node.operand)
        return Condition(make.negated(body.span(node), inner.value), inner.fails, inner.holds)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
        tested = _is_none(body, node)
        if tested is not None:
            return tested
    if isinstance(node, ast.Call) and _is_isinstance(body, node):
        return _isinstance(body, node)
    value = body.value(node)
    member = _is_member(body, node) if isinstance(node, ast.Compare) else None
    if member is not None and not isinstance(value, ir.Constant):
        return Condition(value, *member)
    if value.type is not BOOL:
        raise _not_bool(body, node, value.type)
    facts = body.facts
    if isinstance(value, ir.Constant):
        return Condition(value, facts if value.value else None, None if value.value else facts)
    return Condition(value, facts, facts)


def _is_member(body: Body, node: ast.Compare) -> tuple[Facts | None, Facts | None] | None:
    """What `s == State.READY` teaches about s: which members are left on each road."""
    path = path_of(body, node.left) if body.facts is not None else None
    if len(node.ops) != 1 or path is None or body.facts is None:
        return None
    if not isinstance(node.ops[0], (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)):
        return None
    other = node.comparators[0]
    named = [_member_named(body, one) for one in (other.elts if isinstance(other, (ast.Tuple, ast.List)) else [other])]
    members = [member for member in named if member is not None]
    if not members or len(members) != len(named) or body.type_of(node.left) is not members[0].enum:
        return None
    enum = members[0].enum
    possible = body.facts.get(path, tuple(MemberType(enum, number) for number in enum.members.values()))
    if not isinstance(possible[0], MemberType):
        return None
    hit = tuple(m for m in possible if m in members)
    rest = tuple(m for m in possible if m not in members)
    equal: Facts | None = {**body.facts, path: hit} if hit else None
    unequal: Facts | None = {**body.facts, path: rest} if rest else None
    return (unequal, equal) if isinstance(node.ops[0], (ast.NotEq, ast.IsNot, ast.NotIn)) else (equal, unequal)


def _member_named(body: Body, node: ast.expr) -> MemberType | None:
    """The enum member an expression names."""
    owner = body.symbol(node.value) if isinstance(node, ast.Attribute) else None
    if not isinstance(owner, EnumName) or owner.type is None or not isinstance(node, ast.Attribute):
        return None
    number = owner.type.members.get(node.attr)
    return MemberType(owner.type, number) if number is not None else None


def _not_bool(body: Body, node: ast.expr, of: Type) -> Exception:
    shown = "a number" if of in (LITERAL_INT, LITERAL_FLOAT) else str(of)
    hint = f"compare it: {shown_expression(node)} != 0"
    if isinstance(of, (PointerType, OptionType, FunctionType)):
        hint = f"compare it: {ast.unparse(node)} is not None"
    elif isinstance(of, ResultType):
        hint = f"test it: isinstance({ast.unparse(node)}, {of.errors[0]})"
    elif of is TEXT or isinstance(of, SliceType):
        hint = f"compare it: len({ast.unparse(node)}) > 0"
    return body.refuse("M014", node, f"a condition must be bool, not {shown}", hint)


def condition_value(body: Body, node: ast.expr) -> ir.Value:
    """A condition as a value."""
    tested = condition(body, node)
    body.facts = join(tested.holds, tested.fails)
    return tested.value


def _bool_operation(body: Body, node: ast.BoolOp) -> Condition:
    is_and = isinstance(node.op, ast.And)
    result = condition(body, node.values[0])
    for following in node.values[1:]:
        result = _short_circuit(body, node, is_and, result, following)
    return result


def _short_circuit(body: Body, node: ast.BoolOp, is_and: bool, left: Condition, following: ast.expr) -> Condition:
    outer, span = body.block, body.span(node)
    body.block = []
    body.facts = left.holds if is_and else left.fails
    right = condition(body, following)
    inner, body.block = body.block, outer
    if is_and:
        facts = right.holds, join(left.fails, right.fails)
    else:
        facts = join(left.holds, right.holds), right.fails
    if not inner:
        combine = make.both if is_and else make.either
        return Condition(combine(span, left.value, right.value), *facts)
    target = body.temporary(span, BOOL)
    place = make.local_place(span, target)
    body.emit(ir.Store(span, place, left.value))
    inner.append(ir.Store(span, place, right.value))
    loaded = make.load_local(span, target)
    body.emit(ir.If(span, loaded, inner, []) if is_and else ir.If(span, loaded, [], inner))
    return Condition(loaded, *facts)


@value_rule(ast.BoolOp)
def bool_value(body: Body, node: ast.BoolOp, wanted: Type | None) -> ir.Value:
    """`a and b`, `a or b`."""
    return condition_value(body, node)


def _is_isinstance(body: Body, node: ast.Call) -> bool:
    if not isinstance(node.func, ast.Name):
        return False
    symbol = body.symbol(node.func)
    return isinstance(symbol, Vocabulary) and symbol.name == "isinstance"


def subject(body: Body, node: ast.expr) -> tuple[ir.Value, Path | None, tuple[Type, ...]]:
    """A union value that is to be tested: stable, unnarrowed, with its path and what it may still be."""
    path = path_of(body, node)
    if path is None:
        value = body.stable(body.value(node))
        return value, None, alternatives(value.type, body.types)
    facts = body.facts
    body.facts = {p: k for p, k in (facts or {}).items() if p != path}
    value = body.value(node)
    body.facts = facts
    return value, path, body.known(path, value.type)


def _split(
    body: Body, node: ast.AST, value: ir.Value, path: Path | None, possible: tuple[Type, ...], wanted: tuple[Type, ...]
) -> Condition:
    hit = tuple(a for a in possible if a in wanted)
    rest = tuple(a for a in possible if a not in wanted)
    tested = unions.test_any(body.span(node), value, wanted, possible)
    facts = body.facts
    holds = None if not hit or facts is None else {**facts, path: hit} if path is not None else facts
    fails = None if not rest or facts is None else {**facts, path: rest} if path is not None else facts
    return Condition(tested, holds, fails)


def _is_none(body: Body, node: ast.Compare) -> Condition | None:
    """`x is None`, `x is not None`."""
    other = node.comparators[0]
    if not (isinstance(other, ast.Constant) and other.value is None):
        return None
    value, path, possible = subject(body, node.left)
    if not unions.is_union(value.type) or NONE not in alternatives(value.type, body.types):
        raise body.refuse("M023", node, f"{ast.unparse(node.left)} is {value.type}: never None", "leave the test out")
    found = _split(body, node, value, path, possible, (NONE,))
    if isinstance(node.ops[0], ast.IsNot):
        return Condition(make.negated(body.span(node), found.value), found.fails, found.holds)
    return found


def _isinstance(body: Body, node: ast.Call) -> Condition:
    """`isinstance(r, Err)`."""
    if len(node.args) != 2:
        raise body.refuse("M060", node, "isinstance takes a value and a type")
    value, path, possible = subject(body, node.args[0])
    kinds = _kinds(body, node.args[1])
    hint = "isinstance tells the errors of `T | Error` from its value"
    if not isinstance(value.type, (ResultType, OptionType)) and not unions.is_union(value.type):
        raise body.refuse("M023", node, f"isinstance: {ast.unparse(node.args[0])} is always {value.type}", hint)
    declared = alternatives(value.type, body.types)
    for kind in kinds:
        if kind not in declared:
            raise body.refuse("M023", node, f"{value.type} is never {kind}", hint)
    return _split(body, node, value, path, possible, kinds)


def _kinds(body: Body, node: ast.expr) -> tuple[Type, ...]:
    annotations = Annotations(body.unit, body.module, body.environment)
    if isinstance(node, ast.Tuple):
        return tuple(kind for part in node.elts for kind in _kinds(body, part))
    if isinstance(node, ast.BinOp):
        return (*_kinds(body, node.left), *_kinds(body, node.right))
    if isinstance(node, ast.Name):
        symbol: Symbol | None = body.symbol(node)
        number = INTEGERS.get(symbol.name.lower()) if isinstance(symbol, Vocabulary) else None
        if number is not None:
            return (number,)
    return (annotations.reference(node),)


COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "==", ast.IsNot: "!=",
}  # fmt: skip


@value_rule(ast.Compare)
def compare_value(body: Body, node: ast.Compare, wanted: Type | None) -> ir.Value:
    """`a < b`, `a < b < c`, `x is y`, `x in (A, B)`."""
    if len(node.ops) == 1 and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
        tested = _is_none(body, node)
        if tested is not None:
            return tested.value
    if isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return _member(body, node)
    first, second = node.left, node.comparators[0]
    left, right = body.in_order([lambda: body.value(first), lambda: body.value(second)])
    if len(node.ops) == 1:
        return compared(body, node, node.ops[0], (first, left), (second, right))
    return _chain(body, node, left, right)


def _chain(body: Body, node: ast.Compare, left: ir.Value, right: ir.Value) -> ir.Value:
    """`a < b < c`: b is evaluated once, c only when a < b."""
    span = body.span(node)
    right = body.stable(right)
    result = compared(body, node, node.ops[0], (node.left, left), (node.comparators[0], right))
    target: ir.Local | None = None
    before, outer = node.comparators[0], body.block
    nested: list[ir.Block] = []
    for operation, following in zip(node.ops[1:], node.comparators[1:], strict=True):
        body.block = []
        value = body.value(following)
        if following is not node.comparators[-1]:
            value = body.stable(value)
        one = compared(body, node, operation, (before, right), (following, value))
        inner, body.block = body.block, outer
        if not inner:
            result = make.both(span, result, one)
        else:
            if target is None:
                target = body.temporary(span, BOOL)
            place = make.local_place(span, target)
            body.emit(ir.Store(span, place, result))
            inner.append(ir.Store(span, place, one))
            body.emit(ir.If(span, make.load_local(span, target), inner, []))
            result = make.load_local(span, target)
        before, right = following, value
    del nested
    return result


Operand = tuple[ast.expr, ir.Value]


def compared(body: Body, node: ast.AST, op: ast.cmpop, first: Operand, second: Operand) -> ir.Value:
    """One comparison of two evaluated operands."""
    operation = COMPARISONS.get(type(op))
    if operation is None:
        raise body.refuse("M016", node, "`in` needs a tuple of constants", "write x in (A, B), or a for loop")
    if operation in ("==", "!="):
        mixed = _union_equal(body, node, op, first, second) or _union_equal(body, node, op, second, first)
        if mixed is not None:
            return make.negated(body.span(node), mixed) if operation == "!=" else mixed
    left, right = _alike(body, node, first, second)
    of = left.type
    equality = operation in ("==", "!=")
    if (
        isinstance(op, (ast.Is, ast.IsNot))
        and not isinstance(of, (PointerType, EnumType, FunctionType))
        and of is not BOOL
    ):
        raise body.refuse(
            "M016", node, f"`is` on {of}", "write == for values; `is` tells whether two references are one"
        )
    if isinstance(of, PointerType) and not isinstance(op, (ast.Is, ast.IsNot)):
        hint = "write `is` to ask whether they are the same one, or compare fields"
        raise body.refuse("M016", node, f"{operation} on {of}", hint)
    if isinstance(of, (OptionType, ResultType)):
        raise absent(body, first[0], of)
    if isinstance(of, EnumType) and not equality and not of.is_integer:
        raise body.refuse("M016", node, f"{of} has no order", "an IntEnum has")
    if of in (BOOL, TEXT) or isinstance(of, (FunctionType, SliceType)):
        if not equality:
            raise body.refuse("M016", node, f"{of} has no order")
        if isinstance(of, SliceType) and not isinstance(of.element, IntegerType):
            raise body.refuse("M016", node, f"{of} cannot be compared", "compare the elements in a loop")
    elif not isinstance(of, (IntegerType, FloatType, EnumType, PointerType)) and of not in (LITERAL_INT, LITERAL_FLOAT):
        raise body.refuse("M016", node, f"{of} cannot be compared")
    if isinstance(left, ir.Constant) and isinstance(right, ir.Constant):
        return make.true_or_false(body.span(node), _fold(operation, left.value, right.value))
    if isinstance(of, EnumType):
        left, right = _numbers_of(left, of), _numbers_of(right, of)
    return make.compare(body.span(node), operation, left, right)


def _union_equal(body: Body, node: ast.AST, op: ast.cmpop, union: Operand, other: Operand) -> ir.Value | None:
    """`r == 3`, `r is Err.X` where r may also be None or something else: then it is not equal."""
    value, given = union[1], other[1]
    if (
        not isinstance(value.type, (OptionType, ResultType))
        or unions.is_union(given.type)
        or given.type is LITERAL_NONE
    ):
        return None
    for alternative in alternatives(value.type, body.types):
        if not isinstance(alternative, (IntegerType, EnumType)) and alternative not in (BOOL, TEXT):
            continue
        converted = attempt(body, given, alternative, other[0])
        if converted is not None:
            value, converted = body.stable(value), body.stable(converted)
            is_it = unions.test(value, alternative)
            pair = (union[0], unions.extract(value, alternative)), (other[0], converted)
            equal = ast.Is() if isinstance(op, (ast.Is, ast.IsNot)) else ast.Eq()
            return make.both(body.span(node), is_it, compared(body, node, equal, *pair))
    return None


def _numbers_of(value: ir.Value, of: EnumType) -> ir.Value:
    if isinstance(value, ir.Constant):
        return make.constant(value.span, of.repr, value.value)
    return ir.Convert(value.span, of.repr, value, "exact", flags=value.flags)


def _fold(operation: str, left: int | float, right: int | float) -> bool:
    return {
        "==": left == right, "!=": left != right, "<": left < right, "<=": left <= right, ">": left > right,
        ">=": left >= right,
    }[operation]  # fmt: skip


def _alike(body: Body, node: ast.AST, first: Operand, second: Operand) -> tuple[ir.Value, ir.Value]:
    """Both operands as one type."""
    left, right = first[1], second[1]
    literal = (LITERAL_INT, LITERAL_FLOAT, LITERAL_NONE)
    if left.type is right.type:
        return left, right
    if left.type in literal and right.type in literal:
        if LITERAL_NONE in (left.type, right.type):
            raise body.refuse("M023", node, "a number is never None", "leave the test out")
        return left, right
    if left.type in literal:
        return coerce(body, left, _number(right.type), first[0]), _as_number(right)
    if right.type in literal:
        return _as_number(left), coerce(body, right, _number(left.type), second[0])
    if isinstance(left.type, EnumType) and left.type.is_integer and isinstance(right.type, IntegerType):
        return coerce(body, left, right.type, first[0]), right
    if isinstance(right.type, EnumType) and right.type.is_integer and isinstance(left.type, IntegerType):
        return left, coerce(body, right, left.type, second[0])
    if (
        isinstance(left.type, PointerType)
        and isinstance(right.type, PointerType)
        and left.type.target is right.type.target
    ):
        to = body.types.pointer(left.type.target, True)
        return coerce(body, left, to, first[0]), coerce(body, right, to, second[0])
    for one, other in ((0, 1), (1, 0)):
        pair = [left, right]
        converted = attempt(body, pair[one], pair[other].type, node)
        if converted is not None and isinstance(converted.type, SliceType):
            pair[one] = converted
            return pair[0], pair[1]
    code = "M011" if isinstance(left.type, IntegerType) and isinstance(right.type, IntegerType) else "M010"
    hint = "convert one side" if code == "M011" else ""
    if isinstance(right.type, (OptionType, ResultType)) or isinstance(left.type, (OptionType, ResultType)):
        hint = "test for None or the error first"
    raise body.refuse(code, node, f"{right.type} where {left.type} is wanted", hint)


def _number(of: Type) -> Type:
    return of.repr if isinstance(of, EnumType) and of.is_integer else of


def _as_number(value: ir.Value) -> ir.Value:
    of = value.type
    if isinstance(of, EnumType) and of.is_integer:
        return ir.Convert(value.span, of.repr, value, "exact", flags=value.flags)
    return value


def _member(body: Body, node: ast.Compare) -> ir.Value:
    """`x in (A, B)`."""
    choices = node.comparators[0]
    if len(node.ops) != 1 or not isinstance(choices, (ast.Tuple, ast.List)) or not choices.elts:
        raise body.refuse("M016", node, "`in` needs a tuple of constants", "write x in (A, B), or a for loop")
    value = body.stable(typed(body, body.value(node.left), node.left))
    result: ir.Value | None = None
    for choice in choices.elts:
        one = compared(body, node, ast.Eq(), (node.left, value), (choice, body.value(choice)))
        result = one if result is None else make.either(body.span(node), result, one)
    assert result is not None
    return make.negated(body.span(node), result) if isinstance(node.ops[0], ast.NotIn) else result


@value_rule(ast.IfExp)
def choice_value(body: Body, node: ast.IfExp, wanted: Type | None) -> ir.Value:
    """`a if c else b`."""
    span, tested = body.span(node), condition(body, node.test)
    if isinstance(tested.value, ir.Constant):
        body.facts = tested.holds if tested.value.value else tested.fails
        return body.value(node.body if tested.value.value else node.orelse, wanted)
    outer = body.block
    body.block, body.facts = [], tested.holds
    then = body.value(node.body, wanted)
    then_block, after_then = body.block, body.facts
    body.block, body.facts = [], tested.fails
    otherwise = body.value(node.orelse, wanted)
    otherwise_block, after_otherwise = body.block, body.facts
    body.block = then_block
    of = _common(body, node, then, otherwise, wanted)
    if of is not None:
        then = coerce(body, then, of, node.body)
    body.block = otherwise_block
    if of is not None:
        otherwise = coerce(body, otherwise, of, node.orelse)
    body.block, body.facts = outer, join(after_then, after_otherwise)
    if not then_block and not otherwise_block and not (then.flags | otherwise.flags) & ir.EFFECTS:
        flags = tested.value.flags | then.flags | otherwise.flags
        return ir.Select(span, of or then.type, tested.value, then, otherwise, flags=flags)
    if of is None:
        raise body.refuse("M012", node, "what width has this number?", "convert one side: U64(...)")
    target = body.temporary(span, of)
    place = make.local_place(span, target)
    then_block.append(ir.Store(span, place, then))
    otherwise_block.append(ir.Store(span, place, otherwise))
    body.emit(ir.If(span, tested.value, then_block, otherwise_block))
    return make.load_local(span, target)


def _common(body: Body, node: ast.IfExp, then: ir.Value, otherwise: ir.Value, wanted: Type | None) -> Type | None:
    """The type of both arms; None for two literals that nothing gives a width."""
    literal = (LITERAL_INT, LITERAL_FLOAT)
    if then.type is otherwise.type and then.type not in literal and then.type is not LITERAL_NONE:
        return then.type
    if wanted is not None:
        return wanted
    if then.type in literal and otherwise.type in literal:
        return None
    if LITERAL_NONE in (then.type, otherwise.type):
        other = then.type if otherwise.type is LITERAL_NONE else otherwise.type
        if other in literal or other is LITERAL_NONE:
            raise body.refuse("M012", node, "what is this when it is not None?", "give the variable a type")
        return Annotations(body.unit, body.module, {}).union_of(node, [other, NONE])
    return otherwise.type if then.type in literal else then.type
