"""Names, attributes and subscripts: what they reach, and its value after narrowing."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.diagnostics import Silenced
from metal.compiler.elaborate import make, unions
from metal.compiler.elaborate.body import ATTRIBUTES, ELEMENTS, Body, value_rule
from metal.compiler.elaborate.convert import absent, path_of
from metal.compiler.elaborate.declared import enum_type, method_of
from metal.compiler.elaborate.functions import function_instance, function_type
from metal.compiler.elaborate.generics import infer
from metal.compiler.elaborate.module_values import constant_of, global_of
from metal.compiler.elaborate.unit import advice, nearest
from metal.compiler.symbols import (
    ConstantName,
    DeviceName,
    EnumName,
    FunctionName,
    GlobalName,
    HostName,
    ModuleName,
    StructName,
    Symbol,
    Vocabulary,
)
from metal.compiler.types import (
    ERROR,
    FLOATS,
    INTEGERS,
    LITERAL_FLOAT,
    LITERAL_INT,
    LITERAL_NONE,
    TEXT,
    U8,
    U64,
    ArrayType,
    AtomicType,
    DeviceType,
    EnumType,
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
    is_storage,
)

_NUMBERS = {name.upper(): of for name, of in INTEGERS.items()} | {"USIZE": U64}


def number_named(symbol: Symbol | None) -> IntegerType | None:
    """The integer type that `U32` and its like convert to."""
    return _NUMBERS.get(symbol.name) if isinstance(symbol, Vocabulary) else None


@value_rule(ast.Constant)
def constant_value(body: Body, node: ast.Constant, wanted: Type | None) -> ir.Value:
    """A literal."""
    value, span = node.value, body.span(node)
    if isinstance(value, bool):
        return make.true_or_false(span, value)
    if isinstance(value, int):
        return make.constant(span, LITERAL_INT, value)
    if isinstance(value, float):
        return make.constant(span, LITERAL_FLOAT, value)
    if value is None:
        return unions.none_value(span)
    if isinstance(value, str):
        return ir.TextConstant(span, TEXT, value.encode())
    if isinstance(value, bytes):
        return ir.TextConstant(span, body.types.slice(U8, False), value)
    raise body.refuse("M002", node, f"{ast.unparse(node)} is not in the language")


@value_rule(ast.Name)
def name_value(body: Body, node: ast.Name, wanted: Type | None) -> ir.Value:
    """A variable, global, constant or function."""
    local = body.names.get(node.id)
    if local is not None:
        span = body.span(node)
        if local.type is ERROR:
            raise Silenced(span, "the variable's own line was refused")
        if is_storage(local.type):
            return make.address(span, make.local_place(span, local), body.types)
        return narrowed(body, node, make.load_local(span, local))
    if node.id in body.constants:
        return _placed(body.constants[node.id], body, node)
    if node.id in body.assigned and node.id not in body.written_globals:
        body.names[node.id] = ir.Local(body.span(node), node.id, ERROR)
        raise body.refuse("M201", node, f"{node.id} may be unset here", "set it before this line on every path")
    return symbol_value(body, node, body.unit.resolve(body.module, node.id), node.id, wanted)


def symbol_value(body: Body, node: ast.expr, symbol: Symbol | None, name: str, wanted: Type | None) -> ir.Value:
    """The value of a module-level name."""
    span = body.span(node)
    if isinstance(symbol, GlobalName):
        target = global_of(body.unit, symbol)
        return place_value(body, node, ir.GlobalPlace(span, target.type, target))
    if isinstance(symbol, ConstantName):
        return _placed(constant_of(body.unit, symbol), body, node)
    if isinstance(symbol, FunctionName):
        return function_reference(body, node, symbol, wanted)
    if symbol is None:
        known = [*body.names, *body.module.names]
        close = advice(name, known)
        raise body.refuse("M003", node, f"nothing is called {name}" + (f": {close}" if close else ""))
    if isinstance(symbol, HostName):
        hint = "names of CPython's modules exist only in @comptime functions"
        raise body.refuse("M003", node, f"{name} does not exist in a compiled program", hint)
    kind = "module" if isinstance(symbol, ModuleName) else "type" if not isinstance(symbol, Vocabulary) else "word"
    raise body.refuse("M010", node, f"{name} is a {kind}, not a value")


def _placed(value: ir.Value, body: Body, node: ast.expr) -> ir.Value:
    """A constant at the place where it is used."""
    if isinstance(value, ir.Constant):
        return ir.Constant(body.span(node), value.type, value.value)
    return value


def function_reference(body: Body, node: ast.expr, symbol: FunctionName, wanted: Type | None = None) -> ir.Value:
    """A function as a value; a generic one for the types that the wanted Callable names."""
    if symbol.comptime:
        raise body.refuse(
            "M090", node, f"{symbol.name} is @comptime: it runs while compiling", "use it inside const(...)"
        )
    found: dict[str, Type] = {}
    if symbol.variables and isinstance(wanted, FunctionType):
        given = symbol.node.args
        for argument, of in zip([*given.posonlyargs, *given.args], wanted.parameters, strict=False):
            if argument.annotation is not None:
                infer(body, symbol, symbol.variables, argument.annotation, of, found)
    for variable in symbol.variables:
        if variable not in found:
            hint = "a call says it, or a place whose Callable has the types"
            raise body.refuse("M072", node, f"what is {variable} of {symbol.name} here?", hint)
    function = function_instance(body.unit, symbol, tuple(found[v] for v in symbol.variables))
    return ir.FunctionReference(body.span(node), function_type(body.unit, function), function)


def place_value(body: Body, node: ast.expr, place: ir.Place) -> ir.Value:
    """What an expression that reaches a place is worth: a reference to storage, else what stands there."""
    if place.type is ERROR:
        raise Silenced(body.span(node), "the declaration was refused")
    if is_storage(place.type):
        return make.address(body.span(node), place, body.types)
    return narrowed(body, node, make.load(body.span(node), place))


def narrowed(body: Body, node: ast.expr, value: ir.Value) -> ir.Value:
    """The value as what it is known to be here."""
    if not unions.is_union(value.type) or not body.facts:
        return value
    path = path_of(body, node)
    known = body.facts.get(path) if path is not None else None
    if known is None or len(known) != 1:
        return value
    return unions.extract(value, known[0])


@value_rule(ast.Attribute)
def attribute_value(body: Body, node: ast.Attribute, wanted: Type | None) -> ir.Value:
    """A field, an enum's member, a number's limit, or a name of a module."""
    symbol = body.symbol(node)
    if symbol is not None:
        return symbol_value(body, node, symbol, ast.unparse(node), wanted)
    owner = body.symbol(node.value)
    if owner is not None:
        special = _static_attribute(body, node, owner)
        if special is not None:
            return special
    base = body.value(node.value)
    if isinstance(base.type, EnumType) and node.attr == "value":
        if isinstance(base, ir.Constant):
            return make.constant(body.span(node), LITERAL_INT, base.value)
        return ir.Convert(body.span(node), base.type.repr, base, "exact", flags=base.flags)
    special_rule = ATTRIBUTES.get(type(base.type))
    if special_rule is not None:
        return special_rule(body, node, base)
    return place_value(body, node, field_of(body, node, base))


def _static_attribute(body: Body, node: ast.Attribute, owner: Symbol) -> ir.Value | None:
    span = body.span(node)
    if isinstance(owner, EnumName):
        of = enum_type(body.unit, owner)
        number = of.members.get(node.attr)
        if number is None:
            raise body.refuse("M061", node, f"{of} has no member {node.attr}", nearest(node.attr, list(of.members)))
        return make.constant(span, of, number)
    number_type = number_named(owner)
    if number_type is not None and node.attr in ("MAX", "MIN", "BITS"):
        limits = {"MAX": number_type.high, "MIN": number_type.low, "BITS": number_type.bits}
        return make.constant(span, LITERAL_INT, limits[node.attr])
    if isinstance(owner, Vocabulary) and owner.name.lower() in FLOATS and node.attr == "BITS":
        return make.constant(span, LITERAL_INT, FLOATS[owner.name.lower()].bits)
    if isinstance(owner, StructName):
        method = owner.methods.get(node.attr)
        if method is not None and not owner.variables:
            return function_reference(body, node, method)
        raise body.refuse(
            "M061", node, f"{owner.name} has no method {node.attr}", "a field needs a struct, not its class"
        )
    if isinstance(owner, DeviceName):
        raise body.refuse("M061", node, f"{owner.name} is a class of devices", f"write mmio({owner.name}, address)")
    return None


def struct_pointer(body: Body, node: ast.expr, value: ir.Value) -> ir.Value:
    """The value as a reference to a struct that is not None."""
    of = value.type
    if isinstance(of, PointerType) and isinstance(of.target, StructType):
        if of.nullable:
            raise absent(body, node, of)
        return value
    if isinstance(of, (OptionType, ResultType)):
        raise absent(body, node, of)
    if of is LITERAL_NONE:
        raise body.refuse("M020", node, f"{ast.unparse(node)} is None here", "the test before leaves nothing else")
    if isinstance(of, PointerType) and isinstance(of.target, AtomicType):
        raise body.refuse("M061", node, f"{of.target} is no struct: its value is reached by load, store, add, cas, ...")
    raise body.refuse("M061", node, f"{of} has no fields")


def field_of(body: Body, node: ast.Attribute, base: ir.Value) -> ir.Place:
    """The place of a field of the struct a value refers to."""
    pointer = struct_pointer(body, node.value, base)
    assert isinstance(pointer.type, PointerType) and isinstance(pointer.type.target, StructType)
    struct = pointer.type.target
    if node.attr not in struct.fields:
        if method_of(struct, node.attr) is not None:
            hint = f"call it: {ast.unparse(node)}(...)"
            raise body.refuse("M061", node, f"{node.attr} is a method of {struct}", hint)
        raise body.refuse("M061", node, f"{struct} has no field {node.attr}", nearest(node.attr, list(struct.fields)))
    return make.field_place(body.span(node), make.deref(body.span(node), pointer), node.attr)


@value_rule(ast.Subscript)
def subscript_value(body: Body, node: ast.Subscript, wanted: Type | None) -> ir.Value:
    """An element, or a part of a slice."""
    if isinstance(node.slice, ast.Slice):
        return cut(body, node, node.slice)
    base, index = _parts(body, node)
    special = ELEMENTS.get(type(base.type))
    if special is not None:
        return special(body, node, base, index)
    return place_value(body, node, element_at(body, node, base, index))


def _parts(body: Body, node: ast.Subscript) -> list[ir.Value]:
    if isinstance(node.slice, ast.Tuple):
        raise body.refuse("M032", node, "an index is one number", "write a[i][j]")
    return body.in_order([lambda: body.value(node.value), lambda: body.value(node.slice, U64)])


def element_of(body: Body, node: ast.Subscript) -> ir.Place:
    """The place of an element."""
    base, index = _parts(body, node)
    return element_at(body, node, base, index)


def element_at(body: Body, node: ast.Subscript, base: ir.Value, index: ir.Value) -> ir.Place:
    """The place of an element of what `base` refers to."""
    of, span = base.type, body.span(node)
    if isinstance(of, PointerType) and isinstance(of.target, ArrayType) and not of.nullable:
        index = index_value(body, node.slice, index, of.target.length)
        checked = not isinstance(index, ir.Constant)
        return make.element_place(span, make.deref(span, base), index, checked)
    if isinstance(of, SliceType):
        return make.slice_element(span, body.stable(base), of.element, index_value(body, node.slice, index, None))
    if of is TEXT:
        raise body.refuse("M032", node, "text is not indexed by bytes", "write text.encode()[i] for a byte")
    if isinstance(of, RawType):
        index = index_value(body, node.slice, index, None)
        flags = base.flags | index.flags | ir.READS
        return ir.RawElementPlace(span, of.element, base, index, flags=flags)
    if isinstance(of, SharedType):
        hint = "copy it out: .read(i), .fetch(i, into) or .copy_out(start, slice)"
        raise body.refuse("M056", node, f"{of} has no elements to refer to: they may change at any time", hint)
    if (isinstance(of, PointerType) and of.nullable) or isinstance(of, (OptionType, ResultType)):
        raise absent(body, node.value, of)
    hint = "take it apart: a, b = ..." if isinstance(of, TupleType) else ""
    raise body.refuse("M032", node, f"{of} has no elements", hint)


def index_value(body: Body, node: ast.expr, index: ir.Value, length: int | None) -> ir.Value:
    """An index as a number; a constant one is checked now."""
    if isinstance(index.type, EnumType) and index.type.is_integer:
        enum = index.type
        if isinstance(index, ir.Constant):
            index = make.constant(index.span, LITERAL_INT, index.value)
        else:
            index = ir.Convert(index.span, enum.repr, index, "exact", flags=index.flags)
    if (
        isinstance(index, ir.Constant)
        and isinstance(index.value, int)
        and (index.type is LITERAL_INT or isinstance(index.type, IntegerType))
    ):
        if index.value < 0:
            hint = "indexes count from 0; the last element is a[len(a) - 1]"
            raise body.refuse("M031", node, f"index {index.value} is negative", hint)
        if length is not None and index.value >= length:
            hint = f"there are {length} elements"
            raise body.refuse("M030", node, f"index {index.value} outside 0..{length - 1}", hint)
        return make.constant(index.span, U64, index.value)
    if isinstance(index.type, IntegerType):
        return index
    if isinstance(index.type, OptionType):
        raise absent(body, node, index.type)
    raise body.refuse("M032", node, f"an index is an integer, not {index.type}")


def as_slice(body: Body, node: ast.expr, value: ir.Value) -> ir.Value:
    """A slice, view, text or array as something with address and length."""
    of = value.type
    if isinstance(of, PointerType) and isinstance(of.target, ArrayType) and not of.nullable:
        place = make.deref(value.span, value)
        writable = not read_only(place)
        slice_type = body.types.slice(of.target.element, writable)
        return ir.SliceOfArray(value.span, slice_type, place, flags=value.flags)
    if isinstance(of, SliceType) or of is TEXT:
        return value
    if isinstance(of, (OptionType, ResultType)):
        raise absent(body, node, of)
    raise body.refuse("M032", node, f"{of} has no elements")


def read_only(place: ir.Place) -> bool:
    """Whether a place is part of constant data."""
    while isinstance(place, (ir.FieldPlace, ir.ElementPlace)):
        place = place.base
    if isinstance(place, ir.SliceElementPlace):
        of = place.slice.type
        return of is TEXT or (isinstance(of, SliceType) and not of.writable)
    return isinstance(place, ir.GlobalPlace) and place.target.read_only


def cut(body: Body, node: ast.Subscript, bounds: ast.Slice) -> ir.Value:
    """`s[a:b]`."""
    if bounds.step is not None:
        raise body.refuse("M033", node, "a slice has no step", "write a for loop over range(a, b, step)")
    parts = [node.value, *(b for b in (bounds.lower, bounds.upper) if b is not None)]
    values = body.operands(parts)
    if values[0].type is TEXT:
        raise body.refuse("M032", node, "text is not cut by bytes", "write text.encode()[a:b] for bytes")
    of = as_slice(body, node.value, values[0])
    rest = [index_value(body, n, v, None) for n, v in zip(parts[1:], values[1:], strict=True)]
    low = rest[0] if bounds.lower is not None else None
    high = rest[-1] if bounds.upper is not None else None
    low, high = (_as_u64(part) for part in (low, high))
    if low is None and high is None:
        return of
    flags = of.flags | (low.flags if low else 0) | (high.flags if high else 0) | ir.TRAPS
    return ir.SliceCut(body.span(node), of.type, body.stable(of), low, high, flags=flags)


def _as_u64(value: ir.Value | None) -> ir.Value | None:
    """A bound as u64; a negative one becomes huge and fails the check of the slice."""
    if value is None or value.type is U64:
        return value
    assert isinstance(value.type, IntegerType)
    if value.type.signed:
        return ir.Convert(value.span, U64, value, "wrap", flags=value.flags)
    return ir.Convert(value.span, U64, value, "exact", flags=value.flags)


def place(body: Body, node: ast.expr) -> ir.Place:
    """The place that an assignment to this expression stores to."""
    if isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Slice):
            raise body.refuse("M033", node, "a slice cannot be assigned", "write a[b:c].copy_from(source)")
        found = element_of(body, node)
    elif isinstance(node, ast.Attribute):
        symbol = body.symbol(node)
        if isinstance(symbol, GlobalName):
            hint = f"write a function in {symbol.module.name} that sets it"
            raise body.refuse("M057", node, f"{ast.unparse(node)} belongs to another module", hint)
        if isinstance(body.symbol(node.value), EnumName):
            raise body.refuse("M057", node, f"{ast.unparse(node)} cannot be assigned")
        base = body.value(node.value)
        if isinstance(base.type, DeviceType):
            raise body.refuse("M057", node, f"a register is written by name: {ast.unparse(node)}.write(...)")
        found = field_of(body, node, base)
    else:
        raise body.refuse("M002", node, f"{ast.unparse(node)} cannot be assigned")
    if read_only(found):
        raise body.refuse(
            "M055", node, f"{ast.unparse(node)} is read-only", "constant data and views cannot be written"
        )
    return found
