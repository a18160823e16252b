"""Words of the vocabulary that work on values and memory: `len`, `min`, `array`, `assign`, `rotl`, `ptr_at`, ..."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.elaborate import comptime, make
from metal.compiler.elaborate.body import Body, word
from metal.compiler.elaborate.calls import new_storage, typed_operand
from metal.compiler.elaborate.conditions import condition_value
from metal.compiler.elaborate.convert import absent, coerce, path_of, value_as
from metal.compiler.elaborate.declared import Annotations
from metal.compiler.elaborate.initials import initial, open_array_type
from metal.compiler.elaborate.layout import layout
from metal.compiler.elaborate.places import as_slice, read_only
from metal.compiler.types import (
    LITERAL_FLOAT,
    LITERAL_INT,
    NEVER,
    NONE,
    TEXT,
    U8,
    U64,
    ArrayType,
    EnumType,
    FloatType,
    FunctionType,
    IntegerType,
    MemberType,
    OptionType,
    PointerType,
    RawType,
    ResultType,
    SharedType,
    SliceType,
    StructType,
    Type,
    is_storage,
)
from metal.types.traps import TrapKind


def wants(body: Body, node: ast.Call, low: int, high: int | None = None) -> None:
    """Refuses a wrong number of arguments."""
    high = low if high is None else high
    if not low <= len(node.args) <= high or (node.keywords and body.word_of(node) != "array"):
        name = body.word_of(node)
        raise body.refuse("M060", node, f"{name} takes {low if low == high else f'{low} to {high}'} arguments")


def unsafe(body: Body, node: ast.AST, what: str) -> None:
    """Only modules that declare it may reach raw memory."""
    if not body.module.unsafe:
        hint = "if this module may touch raw memory, add `UNSAFE: Final = True`"
        raise body.refuse("M080", node, f"{what} needs an UNSAFE module", hint)


@word("len")
def length(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`len(x)`: u64; of an array a constant."""
    wants(body, node, 1)
    value = body.value(node.args[0])
    of, span = value.type, body.span(node)
    if isinstance(of, PointerType) and isinstance(of.target, ArrayType) and not of.nullable:
        return make.constant(span, U64, of.target.length)
    if isinstance(value, ir.TextConstant):
        text = len(value.data.decode()) if of is TEXT else len(value.data)
        return make.constant(span, U64, text)
    if of is TEXT:
        raise body.refuse("M032", node, "len of text counts characters in Python: write len(text.encode()) for bytes")
    if isinstance(of, (SliceType, SharedType)):
        return ir.SliceLength(span, U64, value, flags=value.flags)
    if isinstance(of, (OptionType, ResultType)):
        raise absent(body, node.args[0], of)
    raise body.refuse("M032", node, f"{of} has no length")


@word("min", "max")
def extreme(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`min(a, b)`, `max(a, b)`."""
    if len(node.args) < 2 or node.keywords:
        raise body.refuse("M060", node, "min and max take two or more numbers", "for a slice write a for loop")
    name = body.word_of(node)
    values = body.in_order([lambda a=a: body.value(a, wanted) for a in node.args])
    of = next((v.type for v in values if v.type not in (LITERAL_INT, LITERAL_FLOAT)), None)
    if of is None:
        if not all(isinstance(v, ir.Constant) for v in values):
            raise body.refuse("M012", node, "what width has this number?", "convert one side: U64(...)")
        numbers = [v.value for v in values if isinstance(v, ir.Constant)]
        return make.constant(body.span(node), values[0].type, (min if name == "min" else max)(numbers))
    if not isinstance(of, (IntegerType, FloatType)):
        raise body.refuse("M016", node, f"{of} has no order")
    result = body.stable(coerce(body, values[0], of, node.args[0]))
    for argument, value in zip(node.args[1:], values[1:], strict=True):
        other = body.stable(coerce(body, value, of, argument))
        better = make.compare(body.span(node), "<" if name == "min" else ">", other, result)
        result = body.stable(ir.Select(body.span(node), of, better, other, result, flags=other.flags | result.flags))
        if argument is not node.args[-1]:
            result = body.save(result)
    return result


@word("abs")
def absolute(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`abs(x)`; of the smallest number it traps."""
    wants(body, node, 1)
    value = body.stable(body.value(node.args[0], wanted))
    of, span = value.type, body.span(node)
    if isinstance(value, ir.Constant):
        return make.constant(span, of, abs(value.value))
    if not isinstance(of, (IntegerType, FloatType)):
        raise body.refuse("M016", node, f"{of} has no abs")
    if isinstance(of, IntegerType) and not of.signed:
        return value
    value = body.save(value)
    checked = isinstance(of, IntegerType) and body.checked
    negative = make.compare(span, "<", value, make.constant(span, of, 0))
    negated = ir.Negate(span, of, value, checked, flags=ir.TRAPS if checked else 0)
    return ir.Select(span, of, negative, negated, value, flags=negated.flags)


@word("array")
def new_array(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`x: Array[T] = array(n)` as a value: storage on the stack."""
    of = wanted.target if isinstance(wanted, PointerType) else wanted
    if not isinstance(of, ArrayType):
        raise body.refuse("M073", node, "an array of what?", "write x: Array[u32] = array(n)")
    if of.length < 0:
        of = open_array_type(body, of, node)
    unset = any(k.arg == "init" and isinstance(k.value, ast.Constant) and k.value.value is False for k in node.keywords)
    name = body.storage_name
    body.storage_name = None
    if unset and not _plain_numbers(of):
        raise body.refuse("M064", node, "init=False is for arrays of numbers", "leave it out")
    value = None if unset else initial(body, node, of)
    body.storage_name = name
    return new_storage(body, body.span(node), of, value)


def _plain_numbers(of: Type) -> bool:
    while isinstance(of, ArrayType):
        of = of.element
    return isinstance(of, (IntegerType, FloatType))


@word("table", "const")
def constant_data(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`const(f())` where one value is wanted; `table` and lists belong to the module's level."""
    if body.word_of(node) == "table":
        raise body.refuse("M091", node, "a table stands at the level of the module", "NAME: Array[u32] = table(...)")
    wants(body, node, 1)
    made = comptime.evaluate(body, node.args[0])
    span = body.span(node)
    if wanted is not None and not is_storage(wanted):
        return comptime.data(body, made, wanted, node)
    if isinstance(made, bool):
        return make.true_or_false(span, made)
    if isinstance(made, int):
        return make.constant(span, LITERAL_INT, made)
    if isinstance(made, float):
        return make.constant(span, LITERAL_FLOAT, made)
    if isinstance(made, str):
        return ir.TextConstant(span, TEXT, made.encode())
    if isinstance(made, bytes):
        return ir.TextConstant(span, body.types.slice(U8, False), made)
    raise body.refuse(
        "M090", node, f"const() made a {type(made).__name__}", "NAME: Array[u32] = const(...) at the module"
    )


@word("assign")
def assign(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`assign(target, value)`: copy a struct or an array into storage of the same type."""
    wants(body, node, 2)
    target, value = body.operands(node.args)
    return copy_into(body, node, target, value)


def copy_into(body: Body, node: ast.AST, target: ir.Value, value: ir.Value) -> ir.Value:
    """Copy what one reference reaches into what another reaches."""
    span = body.span(node)
    for reference in (target, value):
        of = reference.type
        if not isinstance(of, PointerType) or of.nullable or not is_storage(of.target):
            raise body.refuse(
                "M010", node, f"{of} is not storage that can be copied", "assign(target, source) copies structs"
            )
    if target.type is not value.type:
        raise body.refuse("M010", node, f"{value.type} where {target.type} is wanted")
    place = make.deref(span, target)
    if read_only(place):
        raise body.refuse("M055", node, "constant data cannot be written")
    source = make.deref(span, value)
    body.emit(ir.Store(span, place, ir.Load(span, place.type, source, flags=source.flags)))
    body.after_call()
    return ir.Zero(span, NONE)


@word("rotl", "rotr")
def rotate(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`rotl(x, n)` of a wN."""
    wants(body, node, 2)
    value, count = body.operands(node.args)
    of = value.type
    if not isinstance(of, IntegerType) or not of.wraps:
        raise body.refuse("M010", node, f"{of} where a wN is wanted", "rotation is for w8, w16, w32 and w64: W32(x)")
    if count.type is LITERAL_INT and isinstance(count, ir.Constant) and not 0 <= count.value < of.bits:
        raise body.refuse("M017", node, f"shift by {count.value} of {of}", f"{of} has {of.bits} bits")
    if not isinstance(count.type, IntegerType):
        count = coerce(body, count, U64, node.args[1])
    flags = value.flags | count.flags | (0 if isinstance(count, ir.Constant) else ir.TRAPS)
    name = body.word_of(node)
    return ir.Intrinsic(body.span(node), of, name, [value, count], flags=flags)


@word("leading_zeros", "trailing_zeros", "popcount")
def count_bits(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """Counts over the bits of a u64."""
    wants(body, node, 1)
    value = value_as(body, node.args[0], U64)
    name = body.word_of(node)
    return ir.Intrinsic(body.span(node), U64, name, [value], flags=value.flags)


@word("assert_never")
def assert_never(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """What narrowing must have made impossible."""
    wants(body, node, 1)
    value = body.value(node.args[0])
    known = body.facts
    if known is not None and not _exhausted(body, node.args[0]):
        raise body.refuse(
            "M043",
            node,
            f"{ast.unparse(node.args[0])} may still be {_left(body, node.args[0], value.type)} here",
            "add the missing cases",
        )
    body.emit(ir.Trap(body.span(node), TrapKind.UNREACHABLE))
    return ir.Zero(body.span(node), NEVER)


def _left(body: Body, node: ast.expr, of: Type) -> str:
    """What a variable may still be, as far as the cases before say it."""
    names = body.remaining.get(node.id) if isinstance(node, ast.Name) else None
    known = (body.facts or {}).get(path_of(body, node) or (), ())
    if known and all(isinstance(k, MemberType) for k in known):
        members = {number: name for name, number in of.members.items()} if isinstance(of, EnumType) else {}
        names = [f"{of}.{members[k.number]}" for k in known if isinstance(k, MemberType) and k.number in members]
    return " or ".join(names) if names else str(of)


def _exhausted(body: Body, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in body.exhausted


def type_argument(body: Body, node: ast.expr) -> Type:
    """An argument that names a type."""
    return Annotations(body.unit, body.module, body.environment).type(node)


@word("size_of", "offset_of")
def sizes(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`size_of(T)`, `offset_of(T, "field")`: constants."""
    of = type_argument(body, node.args[0])
    size, _ = layout(of)
    if body.word_of(node) == "size_of":
        wants(body, node, 1)
        return make.constant(body.span(node), LITERAL_INT, size)
    wants(body, node, 2)
    name = node.args[1]
    if not isinstance(of, StructType) or not isinstance(name, ast.Constant) or name.value not in of.fields:
        raise body.refuse("M061", node, f"{of} has no such field")
    offset = 0
    for field in of.fields.values():
        width, alignment = layout(field.type)
        offset = -(-offset // alignment) * alignment
        if field.name == name.value:
            break
        offset += width
    return make.constant(body.span(node), LITERAL_INT, offset)


@word("addr_of")
def address_of(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`addr_of(x)`: the address of storage, of a slice's first element, or of a function."""
    wants(body, node, 1)
    unsafe(body, node, "addr_of")
    value = typed_operand(body, node.args[0])
    if (
        not isinstance(value.type, (PointerType, SliceType, RawType, FunctionType, SharedType))
        and value.type is not TEXT
    ):
        raise body.refuse("M010", node, f"{value.type} has no address of its own", "put it into a struct or an array")
    return ir.AddressValue(body.span(node), U64, value, flags=value.flags)


@word("ptr_at", "raw", "slice_at", "shared_at", "raw_of")
def raw_memory(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """References made from addresses."""
    name = body.word_of(node)
    span = body.span(node)
    if not (name == "raw_of" and body.module.foreign):
        unsafe(body, node, name)
    if name == "raw_of":
        wants(body, node, 1)
        value = as_slice(body, node.args[0], body.value(node.args[0]))
        element = value.type.element if isinstance(value.type, SliceType) else U8
        return ir.AddressValue(span, body.types.raw(element), value, flags=value.flags)
    wants(body, node, 2 if name in ("ptr_at", "raw") else 3)
    of = type_argument(body, node.args[0])
    if name in ("ptr_at", "raw"):
        address = value_as(body, node.args[1], U64)
        if name == "ptr_at" and not is_storage(of):
            raise body.refuse("M071", node.args[0], f"ptr_at reaches a struct, not {of}", "use raw(T, address)")
        made: Type = body.types.pointer(of) if name == "ptr_at" else body.types.raw(of)
        return ir.AddressValue(span, made, address, flags=address.flags)
    address, count = body.in_order(
        [lambda: value_as(body, node.args[1], U64), lambda: value_as(body, node.args[2], U64)]
    )
    made = body.types.slice(of) if name == "slice_at" else body.types.shared(of)
    return ir.SliceMake(span, made, address, count, flags=address.flags | count.flags)


@word("isinstance")
def instance_test(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`isinstance(r, Err)` as a value."""
    return condition_value(body, node)


@word("range", "enumerate")
def only_in_for(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`range` belongs to a for loop."""
    raise body.refuse("M002", node, f"{ast.unparse(node.func)}() stands only in a for loop")
