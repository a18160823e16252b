"""The first value of storage: constructors, `array(n)`, `table(...)`, `Atomic(v)`, and the defaults of fields."""

from __future__ import annotations

import ast
from collections.abc import Callable

from metal.compiler import ir
from metal.compiler.elaborate import comptime
from metal.compiler.elaborate.body import Body
from metal.compiler.elaborate.convert import value_as
from metal.compiler.elaborate.unit import nearest
from metal.compiler.source import Span
from metal.compiler.symbols import StructName, Vocabulary
from metal.compiler.types import (
    NONE,
    ArrayType,
    AtomicType,
    DeviceType,
    EnumType,
    Field,
    FunctionType,
    PointerType,
    ResultType,
    StructType,
    Type,
)

CONSTANT_KINDS = (
    ir.Constant, ir.TextConstant, ir.Null, ir.FunctionReference, ir.Zero, ir.OptionNone,
)  # fmt: skip


def is_constant(value: ir.Value) -> bool:
    """Whether a value is known while compiling, down to its last part."""
    if isinstance(value, CONSTANT_KINDS):
        return True
    if isinstance(value, ir.StructValue):
        return all(is_constant(v) for v in value.fields.values())
    if isinstance(value, ir.ArrayValue):
        return all(is_constant(v) for v in value.elements)
    if isinstance(value, ir.RepeatValue):
        return is_constant(value.element)
    if isinstance(value, (ir.AtomicValue, ir.OptionSome)):
        return is_constant(value.value)
    if isinstance(value, ir.ResultOk):
        return value.value is None or is_constant(value.value)
    if isinstance(value, ir.ResultError):
        return is_constant(value.error)
    if isinstance(value, ir.AddressValue):
        return is_constant(value.operand)
    if isinstance(value, ir.SliceAs):
        return is_constant(value.slice)
    if isinstance(value, ir.SliceMake):
        return is_constant(value.address) and is_constant(value.length)
    if isinstance(value, (ir.AddressOf, ir.SliceOfArray)):
        return is_fixed_place(value.place)
    return isinstance(value, ir.TupleValue) and all(is_constant(v) for v in value.items)


def is_fixed_place(place: ir.Place) -> bool:
    """Whether a place is a global or a part of one at a constant index."""
    while True:
        if isinstance(place, ir.FieldPlace) or (
            isinstance(place, ir.ElementPlace) and isinstance(place.index, ir.Constant)
        ):
            place = place.base
        else:
            return isinstance(place, ir.GlobalPlace)


def default_of(body: Body, node: ast.expr, of: Type) -> ir.Value:
    """The default of a field: a constant."""
    value = initial(body, node, of)
    if not is_constant(value):
        raise body.refuse("M091", node, "the default of a field is a constant", "set it after the struct is made")
    return value


def initial(body: Body, node: ast.expr, of: Type) -> ir.Value:
    """The first value of storage of type `of`."""
    if isinstance(of, StructType):
        return _struct_initial(body, node, of)
    if isinstance(of, ArrayType):
        return _array_initial(body, node, of)
    if isinstance(of, AtomicType):
        return _atomic_initial(body, node, of)
    return value_as(body, node, of)


def _struct_initial(body: Body, node: ast.expr, of: StructType) -> ir.Value:
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Subscript):
        called = called.value
    symbol = body.symbol(called) if called is not None else None
    if isinstance(symbol, StructName) and isinstance(node, ast.Call):
        if symbol is not of.declaration:
            raise body.refuse("M010", node, f"{symbol.name} where {of} is wanted")
        return struct_value(body, node, of)
    if isinstance(symbol, Vocabulary) and symbol.name == "Words":
        return blank(body, of, node)
    if isinstance(node, ast.Constant) and node.value is None:
        raise body.refuse("M010", node, f"None where storage of {of} is wanted", f"write Ptr[{of}] | None")
    raise body.refuse(
        "M050", node, f"this would copy a {of} where Python would share it: {copy_advice('it')}", COPY_HINT
    )


COPY_HINT = "make the storage first, then copy into it: assign(target, source)"


def copy_advice(target: str) -> str:
    """What to write instead of an assignment that would copy storage."""
    return f"write assign({target}, ...)"


def struct_value(body: Body, node: ast.Call, of: StructType) -> ir.StructValue:
    """`T(a, b, name=c)`: every field, in the order of declaration, evaluated in the order written."""
    names = list(of.fields)
    given: list[tuple[str, ast.expr]] = []
    if len(node.args) > len(names):
        raise body.refuse("M060", node.args[len(names)], arguments_text(str(of), len(names), len(node.args)))
    for name, argument in zip(names, node.args, strict=False):
        if isinstance(argument, ast.Starred):
            raise body.refuse("M002", argument, "* is not in the language", "write the arguments one by one")
        given.append((name, argument))
    for keyword in node.keywords:
        if keyword.arg is None:
            raise body.refuse("M002", keyword, "** is not in the language", "write the arguments one by one")
        if keyword.arg not in of.fields:
            raise body.refuse("M061", keyword, f"{of} has no field {keyword.arg}", nearest(keyword.arg, names))
        if any(keyword.arg == name for name, _ in given):
            raise body.refuse("M060", keyword, f"{keyword.arg} is given twice")
        given.append((keyword.arg, keyword.value))
    steps: list[Callable[[], ir.Value]] = []
    for name, argument in given:
        steps.append(lambda name=name, argument=argument: initial(body, argument, of.fields[name].type))
    made = dict(zip([name for name, _ in given], body.in_order(steps), strict=True))
    fields: dict[str, ir.Value] = {}
    flags = 0
    for name, declared in of.fields.items():
        value = made.get(name) or given_default(declared)
        if value is None:
            hint = f"write {of.name}({name}=...), or give the field a default"
            raise body.refuse("M063", node, f"{of}(...) is missing {name}", hint)
        fields[name] = value
        flags |= value.flags
    return ir.StructValue(body.span(node), of, fields, flags=flags)


def arguments_text(name: str, wanted: int, given: int) -> str:
    """`f takes 1 argument, not 2`."""
    return f"{name} takes {wanted} argument{'s' if wanted != 1 else ''}, not {given}"


def open_array_type(body: Body, of: ArrayType, node: ast.expr) -> ArrayType:
    """The type of `x: Array[T] = <this>`: its length stands in `array(n)`, `table(...)` or `const(...)`."""
    name = _called(body, node)
    assert isinstance(node, ast.Call) or name is None
    if name == "array" and isinstance(node, ast.Call):
        lengths = [_length(body, argument) for argument in node.args]
        if not lengths:
            raise body.refuse("M073", node, "array() needs a length")
        element: Type = of.element
        while isinstance(element, ArrayType) and element.length < 0:
            element = element.element
        made: Type = element
        depth = _depth(of)
        if depth != len(lengths):
            raise body.refuse("M073", node, f"an array of {depth} dimensions has {depth} lengths, not {len(lengths)}")
        for length in reversed(lengths):
            made = body.types.array(made, length)
        assert isinstance(made, ArrayType)
        return made
    if name == "table" and isinstance(node, ast.Call):
        return body.types.array(of.element, len(node.args))
    if name == "const" and isinstance(node, ast.Call):
        data = comptime.evaluate(body, node.args[0])
        return comptime.array_type(body, of, data, node)
    hint = "write array(n), table(...) or const(...)"
    raise body.refuse("M073", node, "how many elements has this array?", hint)


def _depth(of: Type) -> int:
    depth = 0
    while isinstance(of, ArrayType) and of.length < 0:
        depth, of = depth + 1, of.element
    return depth


def _length(body: Body, node: ast.expr) -> int:
    value = body.value(node)
    if not isinstance(value, ir.Constant) or not isinstance(value.value, int):
        hint = "a length is a number or a Final; memory of a length known at run time comes as a Slice"
        raise body.refuse("M091", node, "the length of an array is a constant", hint)
    if not 0 < value.value < 1 << 40:
        raise body.refuse("M073", node, f"an array cannot have {value.value} elements")
    return value.value


def _called(body: Body, node: ast.expr) -> str | None:
    """The name of the vocabulary function an expression calls."""
    if not isinstance(node, ast.Call):
        return None
    symbol = body.symbol(node.func)
    return symbol.name if isinstance(symbol, Vocabulary) else None


def _array_initial(body: Body, node: ast.expr, of: ArrayType) -> ir.Value:
    name = _called(body, node)
    span = body.span(node)
    if isinstance(node, ast.Call) and name == "array":
        lengths = [_length(body, argument) for argument in node.args]
        inner: Type = of
        for length in lengths:
            if not isinstance(inner, ArrayType) or inner.length != length:
                raise body.refuse("M010", node, f"array({', '.join(map(str, lengths))}) where {of} is wanted")
            inner = inner.element
        return blank(body, of, node)
    if isinstance(node, ast.Call) and name == "table":
        if len(node.args) != of.length:
            raise body.refuse("M010", node, f"{len(node.args)} values where {of} is wanted")
        elements = [initial(body, argument, of.element) for argument in node.args]
        for element, argument in zip(elements, node.args, strict=True):
            if not is_constant(element):
                raise body.refuse("M091", argument, "a table holds constants")
        return ir.ArrayValue(span, of, elements)
    if isinstance(node, ast.Call) and name == "const":
        return comptime.data(body, comptime.evaluate(body, node.args[0]), of, node)
    raise body.refuse("M050", node, f"this would copy {of} where Python would share it: {copy_advice('it')}", COPY_HINT)


def _atomic_initial(body: Body, node: ast.expr, of: AtomicType) -> ir.Value:
    if isinstance(node, ast.Call) and _called(body, node) == "Atomic" and len(node.args) == 1:
        value = value_as(body, node.args[0], of.element)
        return ir.AtomicValue(body.span(node), of, value, flags=value.flags)
    raise body.refuse("M050", node, "an atomic starts as Atomic(value)")


def given_default(of: Field) -> ir.Value | None:
    """What the class says a field starts with."""
    assert of.default is None or isinstance(of.default, ir.Value)
    return of.default


def blank(body: Body, of: Type, node: ast.AST) -> ir.Value:
    """What `array(n)` puts into each element: the defaults of a struct, zero for the rest."""
    span = body.span(node)
    if isinstance(of, StructType):
        fields = {name: given_default(f) or blank(body, f.type, node) for name, f in of.fields.items()}
        if all(_is_zero(value) for value in fields.values()):
            return ir.Zero(span, of)
        return ir.StructValue(span, of, fields)
    if isinstance(of, ArrayType):
        element = blank(body, of.element, node)
        return ir.Zero(span, of) if _is_zero(element) else ir.RepeatValue(span, of, element)
    if isinstance(of, ResultType) and of.value is not NONE:
        blank(body, of.value, node)
    missing = (isinstance(of, (PointerType, FunctionType)) and not of.nullable) or isinstance(of, DeviceType)
    if missing or (isinstance(of, EnumType) and 0 not in of.members.values()):
        hint = f"give {of} a member with the value 0" if isinstance(of, EnumType) else f"write {of} | None"
        raise body.refuse("M064", node, f"array(n) has no first value for elements that hold {of}", hint)
    return _zero(span, of)


def _zero(span: Span, of: Type) -> ir.Value:
    return ir.Zero(span, of)


def _is_zero(value: ir.Value) -> bool:
    if isinstance(value, (ir.Zero, ir.Null, ir.OptionNone)):
        return True
    if isinstance(value, ir.AtomicValue):
        return _is_zero(value.value)
    if isinstance(value, ir.StructValue):
        return all(_is_zero(v) for v in value.fields.values())
    return isinstance(value, ir.Constant) and value.value == 0 and not isinstance(value.value, float)
