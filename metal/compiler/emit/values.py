"""Values in C: each node becomes one expression, each check one macro of the runtime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metal.compiler import ir
from metal.compiler.emit.intrinsics import intrinsic
from metal.compiler.emit.names import c_name
from metal.compiler.emit.places import address, place
from metal.compiler.emit.types import error_type, member_name, plain, spelled
from metal.compiler.emit.writer import Loose, Writer, is_simple
from metal.compiler.types import (
    BOOL,
    TEXT,
    ArrayType,
    AtomicType,
    EnumType,
    FloatType,
    IntegerType,
    OptionType,
    PointerType,
    ResultType,
    SharedType,
    SliceType,
    Type,
)

_ORDERS = {
    "relaxed": "__ATOMIC_RELAXED",
    "acquire": "__ATOMIC_ACQUIRE",
    "release": "__ATOMIC_RELEASE",
    "acq_rel": "__ATOMIC_ACQ_REL",
    "seq_cst": "__ATOMIC_SEQ_CST",
}
# A failed exchange stores nothing, so its order has no release part.
_FAILED = {
    "relaxed": "__ATOMIC_RELAXED",
    "acquire": "__ATOMIC_ACQUIRE",
    "release": "__ATOMIC_RELAXED",
    "acq_rel": "__ATOMIC_ACQUIRE",
    "seq_cst": "__ATOMIC_SEQ_CST",
}
_CHECKED = {"+": "ADD", "-": "SUB", "*": "MUL"}
_WRAPPING = {"+": "WADD", "-": "WSUB", "*": "WMUL"}


def number(of: Type, value: int | float) -> str:
    """A constant; integers get the suffix that gives them the width of their type in C."""
    if isinstance(of, FloatType):
        text = repr(float(value))
        text = {"inf": "__builtin_inf()", "-inf": "-__builtin_inf()", "nan": '__builtin_nan("")'}.get(text, text)
        return Loose(f"(f32){text}") if of.bits == 32 else Loose(text) if text.startswith("-") else text
    assert isinstance(value, int)
    if of is BOOL:
        return "true" if value else "false"
    if isinstance(of, EnumType):
        return member_name(of, value)
    if value < 0:
        return Loose(f"-{-value - 1}l - 1" if value < -(1 << 31) else str(value))
    digits = str(value) if value < 10_000 else f"{value:#x}"
    if isinstance(of, IntegerType) and value > 0x7FFF_FFFF:
        return digits + ("u" if of.bits == 32 else "l" if of.signed else "ul")
    return digits


def constant(_: Writer, node: ir.Constant) -> str:
    """A number, truth or enum member."""
    return number(node.type, node.value)


def byte_string(data: bytes) -> str:
    """Bytes as a C string; what is not plain text becomes octal."""
    text = ""
    for byte in data:
        character = chr(byte)
        if character in '"\\?':
            text += "\\" + character
        elif character == "\n":
            text += "\\n"
        else:
            text += character if 32 <= byte < 127 else f"\\{byte:03o}"
    return f'"{text}"'


def text_constant(_: Writer, node: ir.TextConstant) -> str:
    """Constant bytes with their length."""
    return f"TEXT({byte_string(node.data)}, {len(node.data)})"


def load(writer: Writer, node: ir.Load) -> str:
    """What stands in a place."""
    return place(writer, node.place)


def address_of(writer: Writer, node: ir.AddressOf) -> str:
    """A pointer to a place. Constant data is `const` in C only to put it in read-only memory."""
    base = node.place
    while isinstance(base, ir.FieldPlace | ir.ElementPlace):
        base = base.base
    text = address(writer, node.place)
    if isinstance(base, ir.GlobalPlace) and base.target.read_only:
        return Loose(f"({spelled(node.type)}){text}")
    return Loose(text) if text.startswith("&") else text


def negate(writer: Writer, node: ir.Negate) -> str:
    """Minus."""
    if isinstance(node.type, FloatType):
        return Loose(f"-{writer.operand(node.operand)}")
    if node.checked:
        return f"NEG({plain(node.type)}, {writer.value(node.operand)}, {node.span.line})"
    return f"WNEG({plain(node.type)}, {writer.value(node.operand)})"


def invert(writer: Writer, node: ir.Invert) -> str:
    """Every bit turned over; C does it in a wider type."""
    return Loose(f"({plain(node.type)})~{writer.operand(node.operand)}")


def negation(writer: Writer, node: ir.Not) -> str:
    """`not`."""
    return Loose(f"!{writer.operand(node.operand)}")


def binary(writer: Writer, node: ir.Binary) -> str:
    """Arithmetic."""
    of, line = node.type, node.span.line
    operation = node.operation
    if isinstance(of, FloatType):
        left, right = writer.operand(node.left), writer.operand(node.right)
        if node.checked:
            right = f"NONZERO({of.name}, {right}, {line})"
        return Loose(f"{left} {operation} {right}")
    if operation in "&|^":
        return Loose(f"{writer.operand(node.left)} {operation} {writer.operand(node.right)}")
    assert isinstance(of, IntegerType)
    name = of.name
    if operation in _CHECKED:
        if node.checked and id(node) not in writer.proven:
            return f"{_CHECKED[operation]}({name}, {writer.value(node.left)}, {writer.value(node.right)}, {line})"
        if not of.signed and of.bits >= 32:
            return Loose(f"{writer.operand(node.left)} {operation} {writer.operand(node.right)}")
        return f"{_WRAPPING[operation]}({name}, {writer.value(node.left)}, {writer.value(node.right)})"
    if operation in ("<<", ">>"):
        return shift(writer, node, of)
    if not of.signed and not node.checked:
        return Loose(f"{writer.operand(node.left)} {'/' if operation == '//' else '%'} {writer.operand(node.right)}")
    macro = {"//": "DIV", "%": "MOD"}[operation] + ("S" if of.signed else "U")
    if macro == "DIVS" and not node.checked:
        macro = "WDIVS"
    return f"{macro}({name}, {writer.value(node.left)}, {writer.value(node.right)}, {line})"


def shift(writer: Writer, node: ir.Binary, of: IntegerType) -> str:
    """Bits moved to either side."""
    left_shift = node.operation == "<<"
    if node.checked:
        macro = "SHR" if not left_shift else "SHL_WIDE" if of.signed or of.bits < 32 else "SHL"
        operands = f"{writer.value(node.left)}, {writer.value(node.right)}"
        return f"{macro}({of.name}, {of.bits}, {operands}, {node.span.line})"
    left, right = writer.operand(node.left), writer.operand(node.right)
    if left_shift and (of.signed or of.bits < 32):
        return Loose(f"({of.name})((u64){left} << {right})")
    return Loose(f"{left} {node.operation} {right}")


def compare(writer: Writer, node: ir.Compare) -> str:
    """A comparison; of text and slices it means their contents."""
    if node.left.type is TEXT or isinstance(node.left.type, SliceType):
        same = f"SAME({writer.value(node.left)}, {writer.value(node.right)})"
        return same if node.operation == "==" else Loose(f"!{same}")
    return Loose(f"{writer.operand(node.left)} {node.operation} {writer.operand(node.right)}")


def both(writer: Writer, node: ir.And) -> str:
    """`and`."""
    return Loose(f"{writer.operand(node.left)} && {writer.operand(node.right)}")


def either(writer: Writer, node: ir.Or) -> str:
    """`or`."""
    return Loose(f"{writer.operand(node.left)} || {writer.operand(node.right)}")


def select(writer: Writer, node: ir.Select) -> str:
    """A conditional expression. C would give a pair of small constants the type int, whatever is done with it next."""
    then, otherwise = writer.operand(node.then), writer.operand(node.otherwise)
    if isinstance(node.type, IntegerType) and isinstance(node.then, ir.Constant | ir.Select):
        then = f"({node.type.name}){then}"
    return Loose(f"{writer.operand(node.condition)} ? {then} : {otherwise}")


def convert(writer: Writer, node: ir.Convert) -> str:
    """A number as another type."""
    of, source = node.type, node.operand.type
    name = spelled(of)
    if node.mode != "checked":
        return Loose(f"({name}){writer.operand(node.operand)}")
    line, operand = node.span.line, writer.value(node.operand)
    if isinstance(of, EnumType):
        known = " || ".join(f"v__ == {number_}" for number_ in sorted(set(of.members.values()))) or "false"
        check = f"CHECK({known}, CONVERSION, {line})"
        return f"({{ {spelled(source)} v__ = {operand}; {check}; ({name})v__; }})"
    assert isinstance(of, IntegerType)
    if isinstance(source, FloatType):
        # The first floats beyond either end, which are powers of two and therefore exact.
        low = (
            f"-0x1p{of.bits - 1} - 1"
            if of.signed and of.bits < 64
            else "-0x1.0000000000001p63"
            if of.signed
            else "-1.0"
        )
        high = f"0x1p{of.bits - of.signed}"
        return f"FIT_FLOAT({name}, {low}, {high}, {operand}, {line})"
    assert isinstance(source, IntegerType)
    macro = "FIT" if of.signed == source.signed else "FIT_SIGN"
    return f"{macro}({name}, {source.name}, {operand}, {line})"


def call(writer: Writer, node: ir.Call) -> str:
    """A direct call."""
    return f"{node.function.name}({', '.join(writer.value(argument) for argument in node.arguments)})"


def call_indirect(writer: Writer, node: ir.CallIndirect) -> str:
    """A call through a function value."""
    arguments = ", ".join(writer.value(argument) for argument in node.arguments)
    return f"{writer.operand(node.function)}({arguments})"


def slice_of_array(writer: Writer, node: ir.SliceOfArray) -> str:
    """A whole array as a slice."""
    array = node.place.type
    assert isinstance(array, ArrayType)
    pointer = place(writer, node.place)
    return f"(({spelled(node.type)}){{(void *){pointer}, {array.length}}})"


def slice_cut(writer: Writer, node: ir.SliceCut) -> str:
    """A part of a slice."""
    line, base = node.span.line, writer.value(node.slice)
    if node.high is None:
        return base if node.low is None else f"PART_FROM({base}, {writer.value(node.low)}, {line})"
    low = "0" if node.low is None else writer.value(node.low)
    return f"PART({base}, {low}, {writer.value(node.high)}, {line})"


def slice_as(writer: Writer, node: ir.SliceAs) -> str:
    """The same address and length under another type."""
    wanted = spelled(node.type)
    if wanted == spelled(node.slice.type):
        return writer.value(node.slice)
    if is_simple(node.slice):
        base = writer.operand(node.slice)
        return f"(({wanted}){{{base}.p, {base}.n}})"
    return f"SLICE_AS({wanted}, {writer.value(node.slice)})"


def slice_make(writer: Writer, node: ir.SliceMake) -> str:
    """A slice from an address and a length."""
    return f"(({spelled(node.type)}){{(void *){writer.operand(node.address)}, {writer.value(node.length)}}})"


def slice_length(writer: Writer, node: ir.SliceLength) -> str:
    """How many elements."""
    return f"{writer.operand(node.slice)}.n"


def address_value(writer: Writer, node: ir.AddressValue) -> str:
    """One kind of address as another."""
    wanted = spelled(node.type)
    if node.operand.type is TEXT or isinstance(node.operand.type, SliceType | SharedType):
        return Loose(f"({wanted}){writer.operand(node.operand)}.p")
    if wanted == spelled(node.operand.type):
        return writer.value(node.operand)
    if isinstance(node.type, PointerType) and not node.type.nullable and isinstance(node.operand.type, IntegerType):
        return f"STRUCT_AT({wanted}, {writer.value(node.operand)})"
    return Loose(f"({wanted}){writer.operand(node.operand)}")


def compound(node: ir.Value, *members: str) -> str:
    """A value of a composed type."""
    return f"(({spelled(node.type)}){{{', '.join(members)}}})"


def result_is(writer: Writer, node: ir.ResultIs) -> str:
    """Which of its forms a result has."""
    of = node.result.type
    assert isinstance(of, ResultType)
    operand = writer.operand(node.result)
    if node.error is None:
        return Loose(f"{operand}.error == 0")
    if len(of.errors) == 1:
        return Loose(f"{operand}.error != 0")
    return Loose(f"{operand}.which == {of.errors.index(node.error) + 1}")


def result_error(writer: Writer, node: ir.ResultError) -> str:
    """An error as a result."""
    of = node.type
    assert isinstance(of, ResultType) and isinstance(node.error.type, EnumType)
    members = [f".error = ({error_type(of)}){writer.operand(node.error)}"]
    if len(of.errors) > 1:
        members.append(f".which = {of.errors.index(node.error.type) + 1}")
    return compound(node, *members)


def result_ok(writer: Writer, node: ir.ResultOk) -> str:
    """A good value as a result."""
    members = [] if node.value is None else [f".value = {writer.value(node.value)}"]
    return compound(node, *members, ".error = 0")


def initializer(writer: Writer, node: ir.Value) -> str:
    """The braces of a storage value, as they stand in a declaration or behind a type."""
    match node:
        case ir.StructValue():
            members = [
                f".{c_name(name)} = {initializer(writer, field)}"
                for name, field in node.fields.items()
                if not is_zero(field)
            ]
            return f"{{{', '.join(members) or '0'}}}"
        case ir.ArrayValue():
            return f"{{{', '.join(initializer(writer, element) for element in node.elements) or '0'}}}"
        case ir.RepeatValue():
            array = node.type
            assert isinstance(array, ArrayType)
            if is_zero(node.element):
                return "{0}"
            return f"{{[0 ... {array.length - 1}] = {initializer(writer, node.element)}}}"
        case ir.Zero():
            return "0" if isinstance(node.type, AtomicType) else "{0}"
        case ir.AtomicValue():
            return writer.value(node.value)
        case ir.TextConstant():
            return f"{{(u8 *){byte_string(node.data)}, {len(node.data)}}}"
        case ir.OptionNone():
            return "{.some = false}"
        case ir.OptionSome():
            return f"{{.value = {initializer(writer, node.value)}, .some = true}}"
        case _:
            return writer.value(node)


def is_zero(node: ir.Value) -> bool:
    """Whether a value is all zero bytes."""
    match node:
        case ir.Zero() | ir.Null() | ir.OptionNone():
            return True
        case ir.Constant():
            return node.value == 0 and str(node.value) != "-0.0"
        case ir.StructValue():
            return all(is_zero(field) for field in node.fields.values())
        case ir.ArrayValue():
            return all(is_zero(element) for element in node.elements)
        case ir.RepeatValue():
            return is_zero(node.element)
        case ir.AtomicValue():
            return is_zero(node.value)
        case _:
            return False


def storage(writer: Writer, node: ir.Value) -> str:
    """A storage value as an expression."""
    if isinstance(node.type, AtomicType):
        return initializer(writer, node)
    return f"({spelled(node.type)}){initializer(writer, node)}"


def atomic_operation(writer: Writer, node: ir.AtomicOperation) -> str:
    """An atomic access."""
    target, order = f"&{place(writer, node.place)}", _ORDERS[node.order]
    arguments = [writer.value(argument) for argument in node.arguments]
    match node.operation:
        case "load":
            return f"__atomic_load_n({target}, {order})"
        case "store":
            return f"__atomic_store_n({target}, {arguments[0]}, {order})"
        case "exchange":
            return f"__atomic_exchange_n({target}, {arguments[0]}, {order})"
        case "cas":
            of = spelled(node.arguments[0].type)
            return f"EXCHANGE_IF({of}, {target}, {', '.join(arguments)}, {order}, {_FAILED[node.order]})"
        case operation:
            return f"__atomic_fetch_{operation}({target}, {arguments[0]}, {order})"


def option_value(writer: Writer, node: ir.OptionValue) -> str:
    """The value inside an option."""
    assert isinstance(node.option.type, OptionType)
    return f"{writer.operand(node.option)}.value"


def result_error_value(writer: Writer, node: ir.ResultErrorValue) -> str:
    """The error inside a result."""
    return Loose(f"({spelled(node.type)}){writer.operand(node.result)}.error")


HANDLERS: dict[type, Callable[[Writer, Any], str]] = {
    ir.Constant: constant,
    ir.TextConstant: text_constant,
    ir.Null: lambda writer, node: "0",
    ir.FunctionReference: lambda writer, node: node.function.name,
    ir.Load: load,
    ir.AddressOf: address_of,
    ir.Negate: negate,
    ir.Invert: invert,
    ir.Not: negation,
    ir.Binary: binary,
    ir.Compare: compare,
    ir.And: both,
    ir.Or: either,
    ir.Select: select,
    ir.Convert: convert,
    ir.Call: call,
    ir.CallIndirect: call_indirect,
    ir.SliceOfArray: slice_of_array,
    ir.SliceCut: slice_cut,
    ir.SliceAs: slice_as,
    ir.SliceMake: slice_make,
    ir.SliceLength: slice_length,
    ir.AddressValue: address_value,
    ir.TupleValue: lambda writer, node: compound(node, *(writer.value(item) for item in node.items)),
    ir.TupleItem: lambda writer, node: f"{writer.operand(node.tuple)}.item{node.index}",
    ir.OptionNone: lambda writer, node: compound(node, ".some = false"),
    ir.OptionSome: lambda writer, node: compound(node, f".value = {writer.value(node.value)}", ".some = true"),
    ir.OptionIsSome: lambda writer, node: f"{writer.operand(node.option)}.some",
    ir.OptionValue: option_value,
    ir.ResultOk: result_ok,
    ir.ResultError: result_error,
    ir.ResultIs: result_is,
    ir.ResultValue: lambda writer, node: f"{writer.operand(node.result)}.value",
    ir.ResultErrorValue: result_error_value,
    ir.StructValue: storage,
    ir.ArrayValue: storage,
    ir.RepeatValue: storage,
    ir.Zero: storage,
    ir.AtomicValue: storage,
    ir.AtomicOperation: atomic_operation,
    ir.SharedRead: lambda writer, node: place(writer, node.place),
    ir.Intrinsic: intrinsic,
}
