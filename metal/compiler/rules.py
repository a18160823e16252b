"""The rules of the typed form as a table: what must hold at each kind of node, checked after elaboration in tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from metal.compiler import ir
from metal.compiler.types import (
    BOOL,
    ERROR,
    LITERAL_FLOAT,
    LITERAL_INT,
    LITERAL_NONE,
    NEVER,
    NONE,
    TEXT,
    U64,
    ArrayType,
    AtomicType,
    DeviceType,
    EnumType,
    FloatType,
    FunctionType,
    IntegerType,
    OptionType,
    PointerType,
    RawType,
    ResultType,
    SharedType,
    SliceType,
    StructType,
    TupleType,
    Type,
    is_scalar,
    is_storage,
)
from metal.compiler.walk import children

Rule = tuple[str, Callable[[Any], bool]]
_UNFINISHED = (LITERAL_INT, LITERAL_FLOAT, LITERAL_NONE, ERROR)


def _number(of: Type) -> bool:
    return isinstance(of, IntegerType | FloatType)


def _slice(of: Type) -> bool:
    return of is TEXT or isinstance(of, SliceType | SharedType)


def _fits(of: Type, value: Type) -> bool:
    """Whether a value may stand where this type is asked for: the same type, or an address that may also be null."""
    if of is value:
        return True
    if isinstance(of, PointerType) and isinstance(value, PointerType):
        return of.target is value.target and (of.nullable or not value.nullable)
    if isinstance(of, FunctionType) and isinstance(value, FunctionType):
        return of.parameters == value.parameters and of.result is value.result and (of.nullable or not value.nullable)
    return False


def _constant_fits(node: ir.Constant) -> bool:
    if isinstance(node.type, IntegerType):
        return isinstance(node.value, int) and node.type.low <= node.value <= node.type.high
    if node.type is BOOL:
        return node.value in (0, 1)
    if isinstance(node.type, EnumType):
        return node.value in node.type.members.values()
    return isinstance(node.type, FloatType | DeviceType)


def _binary_operands(node: ir.Binary) -> bool:
    if node.operation in ("<<", ">>"):
        return node.left.type is node.type and isinstance(node.right.type, IntegerType)
    return node.left.type is node.type and node.right.type is node.type


def _binary_operation(node: ir.Binary) -> bool:
    allowed = "+ - * /" if isinstance(node.type, FloatType) else "+ - * // % & | ^ << >>"
    return node.operation in allowed.split()


def _safe_unchecked(node: ir.Binary) -> bool:
    if node.checked or node.operation not in ("//", "%", "<<", ">>"):
        return True
    if not isinstance(node.type, IntegerType) or not isinstance(node.right, ir.Constant):
        return node.operation in ("//", "%") and isinstance(node.type, IntegerType)
    value = node.right.value
    return value != 0 if node.operation in ("//", "%") else 0 <= value < node.type.bits


def _wrapping_unchecked(node: ir.Binary) -> bool:
    wraps = isinstance(node.type, IntegerType) and node.type.wraps
    return not (wraps and node.checked and node.operation in "+-*")


def _same_operands(node: ir.Compare) -> bool:
    left, right = node.left.type, node.right.type
    return left is right or _fits(left, right) or _fits(right, left) or (_slice(left) and _slice(right))


def _comparable(node: ir.Compare) -> bool:
    of = node.left.type
    ordered = _number(of) or (isinstance(of, EnumType) and of.is_integer)
    return node.operation in ("==", "!=") or ordered


def _arguments(node: ir.Call) -> bool:
    wanted = [local.type for local in node.function.parameters]
    given = [argument.type for argument in node.arguments]
    return len(wanted) == len(given) and all(map(_fits, wanted, given))


def _indirect_arguments(node: ir.CallIndirect) -> bool:
    of = node.function.type
    if not isinstance(of, FunctionType) or len(of.parameters) != len(node.arguments):
        return False
    return all(_fits(wanted, argument.type) for wanted, argument in zip(of.parameters, node.arguments, strict=True))


def _holds_storage(node: ir.Store) -> bool:
    """A copied struct stands directly below the store."""
    return not is_storage(node.place.type) or isinstance(node.value, _STORAGE_VALUES)


_ATOMICS = ("load", "store", "exchange", "add", "sub", "and", "or", "xor", "cas")
_ORDERS = ("relaxed", "acquire", "release", "acq_rel", "seq_cst")
_STORAGE_VALUES = (ir.StructValue, ir.ArrayValue, ir.RepeatValue, ir.Zero, ir.Load, ir.AtomicValue)

RULES: dict[type, list[Rule]] = {
    ir.Constant: [("a constant fits its type", _constant_fits)],
    ir.TextConstant: [("text is str or a View of bytes", lambda n: n.type is TEXT or isinstance(n.type, SliceType))],
    ir.Null: [("null has a nullable type", lambda n: getattr(n.type, "nullable", False))],
    ir.FunctionReference: [("a function's address has a function type", lambda n: isinstance(n.type, FunctionType))],
    ir.Load: [("a load has the type of its place", lambda n: n.type is n.place.type)],
    ir.AddressOf: [
        ("an address is a pointer to what stands in the place", lambda n: n.type.target is n.place.type),
        ("an address is never null", lambda n: not n.type.nullable),
    ],
    ir.LocalPlace: [("a local's place has its type", lambda n: n.type is n.local.type)],
    ir.GlobalPlace: [("a global's place has its type", lambda n: n.type is n.target.type)],
    ir.FieldPlace: [
        ("a field belongs to a struct", lambda n: isinstance(n.base.type, StructType)),
        ("a field exists and has this type", lambda n: n.base.type.fields[n.name].type is n.type),
    ],
    ir.DerefPlace: [
        ("only a non-null pointer is followed", lambda n: _followed(n.pointer.type)),
        ("what a pointer points at has this type", lambda n: n.pointer.type.target is n.type),
    ],
    ir.ElementPlace: [
        ("an element belongs to an array", lambda n: isinstance(n.base.type, ArrayType)),
        ("an element has this type", lambda n: n.base.type.element is n.type),
        ("an index is an integer", lambda n: isinstance(n.index.type, IntegerType)),
    ],
    ir.SliceElementPlace: [
        ("an element belongs to a slice", lambda n: _slice(n.slice.type)),
        ("an index is an integer", lambda n: isinstance(n.index.type, IntegerType)),
    ],
    ir.RawElementPlace: [("an element belongs to a raw pointer", lambda n: isinstance(n.pointer.type, RawType))],
    ir.SharedElementPlace: [("an element belongs to a Shared", lambda n: isinstance(n.shared.type, SharedType))],
    ir.Negate: [("minus keeps the type", lambda n: n.operand.type is n.type and _number(n.type))],
    ir.Invert: [("~ keeps the type", lambda n: n.operand.type is n.type and isinstance(n.type, IntegerType))],
    ir.Not: [("not takes and gives bool", lambda n: n.type is BOOL and n.operand.type is BOOL)],
    ir.Binary: [
        ("arithmetic is on numbers", lambda n: _number(n.type) or n.type is BOOL),
        ("both operands have the type of the result", _binary_operands),
        ("the operator exists for the type", _binary_operation),
        ("an unchecked division or shift cannot fail", _safe_unchecked),
        ("a wrapping type is not checked for overflow", _wrapping_unchecked),
    ],
    ir.Compare: [
        ("a comparison gives bool", lambda n: n.type is BOOL),
        ("both sides have one type", _same_operands),
        ("order exists for numbers only", _comparable),
    ],
    ir.And: [("and is on bools", lambda n: n.type is BOOL and n.left.type is BOOL and n.right.type is BOOL)],
    ir.Or: [("or is on bools", lambda n: n.type is BOOL and n.left.type is BOOL and n.right.type is BOOL)],
    ir.Select: [
        ("a condition is bool", lambda n: n.condition.type is BOOL),
        ("both choices fit", lambda n: _fits(n.type, n.then.type) and _fits(n.type, n.otherwise.type)),
    ],
    ir.Convert: [
        ("a conversion is exact, checked, wrap or float", lambda n: n.mode in ("exact", "checked", "wrap", "float")),
        ("a conversion takes a scalar", lambda n: is_scalar(n.operand.type)),
    ],
    ir.Call: [
        ("arguments fit the parameters", _arguments),
        ("a call has the function's result type", lambda n: n.type is n.function.result),
    ],
    ir.CallIndirect: [
        ("arguments fit the function type", _indirect_arguments),
        ("a function that is called is not null", lambda n: not n.function.type.nullable),
        ("a call has the function's result type", lambda n: n.type is n.function.type.result),
    ],
    ir.SliceOfArray: [
        ("the whole of an array", lambda n: isinstance(n.place.type, ArrayType)),
        ("a slice of the array's elements", lambda n: n.type.element is n.place.type.element),
    ],
    ir.SliceCut: [("a part of a slice has its type", lambda n: _slice(n.type) and n.slice.type is n.type)],
    ir.SliceAs: [("a slice becomes a slice", lambda n: _slice(n.type) and _slice(n.slice.type))],
    ir.SliceLength: [("a length is u64, of a slice", lambda n: n.type is U64 and _slice(n.slice.type))],
    ir.TupleValue: [
        ("a tuple has an item for each type", lambda n: len(n.items) == len(n.type.items)),
        ("items fit", lambda n: all(_fits(of, item.type) for of, item in zip(n.type.items, n.items, strict=True))),
    ],
    ir.TupleItem: [
        ("an item belongs to a tuple", lambda n: isinstance(n.tuple.type, TupleType)),
        ("an item has its type", lambda n: n.tuple.type.items[n.index] is n.type),
    ],
    ir.OptionNone: [("a missing value has an option type", lambda n: isinstance(n.type, OptionType))],
    ir.OptionSome: [("a present value fits its option", lambda n: _fits(n.type.value, n.value.type))],
    ir.OptionIsSome: [("only options are asked", lambda n: isinstance(n.option.type, OptionType) and n.type is BOOL)],
    ir.OptionValue: [("the value of an option has its type", lambda n: n.option.type.value is n.type)],
    ir.ResultOk: [
        ("a good result has a result type", lambda n: isinstance(n.type, ResultType)),
        ("a good value fits", lambda n: n.type.value is NONE if n.value is None else _fits(n.type.value, n.value.type)),
    ],
    ir.ResultError: [("an error is one of the result's", lambda n: n.error.type in n.type.errors)],
    ir.ResultIs: [
        ("only results are asked", lambda n: isinstance(n.result.type, ResultType) and n.type is BOOL),
        ("the error is one of the result's", lambda n: n.error is None or n.error in n.result.type.errors),
    ],
    ir.ResultValue: [("the value of a result has its type", lambda n: n.result.type.value is n.type)],
    ir.ResultErrorValue: [("the error of a result is one of its enums", lambda n: n.type in n.result.type.errors)],
    ir.StructValue: [
        ("a struct value has every field, in order", lambda n: list(n.fields) == list(n.type.fields)),
        ("fields fit", lambda n: all(_fits(n.type.fields[k].type, v.type) for k, v in n.fields.items())),
    ],
    ir.ArrayValue: [("an array value has every element", lambda n: len(n.elements) == n.type.length)],
    ir.RepeatValue: [("a repeated element has the array's type", lambda n: _fits(n.type.element, n.element.type))],
    ir.AtomicValue: [("an atomic's value fits", lambda n: _fits(n.type.element, n.value.type))],
    ir.AtomicOperation: [
        (
            "an atomic operation is on an atomic or a Shared",
            lambda n: isinstance(n.place.type, AtomicType) or isinstance(n.place, ir.SharedElementPlace),
        ),
        (
            "the operation is known",
            lambda n: n.operation in _ATOMICS,
        ),
        ("the order is known", lambda n: n.order in _ORDERS),
    ],
    ir.Intrinsic: [("the intrinsic is known", lambda n: n.name in ir.INTRINSICS)],
    ir.Store: [
        ("a stored value fits its place", lambda n: _fits(n.place.type, n.value.type)),
        ("storage is copied directly", _holds_storage),
    ],
    ir.If: [("a condition is bool", lambda n: n.condition.type is BOOL)],
    ir.While: [("a condition is bool", lambda n: n.condition is None or n.condition.type is BOOL)],
    ir.ForRange: [
        ("a range counts in integers", lambda n: isinstance(n.variable.type, IntegerType)),
        (
            "the bounds have the variable's type",
            lambda n: n.start.type is n.variable.type and n.stop.type is n.start.type,
        ),
        ("a step is not zero", lambda n: n.step != 0),
    ],
    ir.Switch: [
        (
            "a choice is among integers, members or truths",
            lambda n: isinstance(n.value.type, IntegerType | EnumType) or n.value.type is BOOL,
        ),
        ("no number is chosen twice", lambda n: _distinct([number for numbers, _ in n.cases for number in numbers])),
    ],
    ir.Check: [("a condition is bool", lambda n: n.condition.type is BOOL)],
    ir.Output: [("the stream is known", lambda n: n.stream in ("print", "log", "panic"))],
    ir.Format: [("text is kept in a str", lambda n: n.text.type is TEXT and isinstance(n.buffer.type, ArrayType))],
}


def _followed(of: Type) -> bool:
    return isinstance(of, PointerType) and not of.nullable


def _distinct(numbers: list[int]) -> bool:
    return len(numbers) == len(set(numbers))


def violations(program: ir.Program) -> list[str]:
    """Every rule that a program breaks, with the place."""
    found: list[str] = []
    known = set(program.functions)
    for function in program.functions:
        found += _function(function, known)
    return found


def _function(function: ir.Function, known: set[ir.Function]) -> Iterator[str]:
    locals_ = {*function.parameters, *function.locals}
    names = [local.name for local in locals_]
    if not _distinct([hash(name) for name in names]):
        yield f"{function.name}: two locals have one name"
    returns = NONE if function.result is NEVER else function.result
    waiting: list[tuple[Any, int, bool]] = [(statement, 0, False) for statement in function.body]
    while waiting:
        node, loops, below_store = waiting.pop()
        yield from _node(node, function, locals_, known, loops, below_store)
        if isinstance(node, ir.Return):
            given = NONE if node.value is None else node.value.type
            if not _fits(returns, given):
                yield f"{_where(node)}: a returned {given} does not fit {returns}"
        inside = loops + isinstance(node, ir.While | ir.ForRange)
        holds = isinstance(node, ir.Store | ir.StructValue | ir.ArrayValue | ir.RepeatValue)
        waiting += [(child, inside, holds) for child in children(node)]


def _node(
    node: Any, function: ir.Function, locals_: set[ir.Local], known: set[ir.Function], loops: int, below_store: bool
) -> Iterator[str]:
    for words, holds in RULES.get(type(node), []):  # pyright: ignore[reportUnknownArgumentType]
        try:
            kept = holds(node)
        except (AttributeError, KeyError, IndexError, ValueError, TypeError) as error:
            kept, words = False, f"{words} ({type(error).__name__}: {error})"
        if not kept:
            yield f"{_where(node)}: {words}"
    if isinstance(node, ir.Value) and any(node.type is unfinished for unfinished in _UNFINISHED):
        yield f"{_where(node)}: {node.type} is no finished type"
    if isinstance(node, ir.LocalPlace) and node.local not in locals_:
        yield f"{_where(node)}: {node.local.name} is no local of {function.name}"
    if isinstance(node, ir.Call | ir.FunctionReference) and node.function not in known:
        yield f"{_where(node)}: {node.function.name} is not in the program"
    if isinstance(node, ir.Break | ir.Continue) and loops == 0:
        yield f"{_where(node)}: no loop to leave"
    if isinstance(node, _STORAGE_VALUES) and is_storage(node.type) and not below_store:
        yield f"{_where(node)}: storage as a value outside a store"


def _where(node: ir.Node) -> str:
    return f"{node.span.file.shown}:{node.span.line}: {type(node).__name__}"
