"""Built-in methods of slices, arrays, text, shared memory and structs."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.elaborate.body import Body, methods_of_type
from metal.compiler.elaborate.convert import coerce, value_as
from metal.compiler.elaborate.devices import COUNTS, atomic_operation
from metal.compiler.elaborate.places import as_slice
from metal.compiler.elaborate.words import copy_into, wants
from metal.compiler.types import (
    NONE,
    TEXT,
    U8,
    U64,
    ArrayType,
    EnumType,
    IntegerType,
    NamedType,
    PointerType,
    SharedType,
    SliceType,
    StructType,
    Type,
    is_scalar,
    is_storage,
)


@methods_of_type(StructType)
def struct_method(body: Body, node: ast.Call, called: ast.Attribute, receiver: ir.Value) -> ir.Value:
    """`target.set(source)`: copy every field."""
    wants(body, node, 1)
    value = body.in_order([lambda: receiver, lambda: body.value(node.args[0], receiver.type)])
    return copy_into(body, node, value[0], value[1])


@methods_of_type(SliceType)
@methods_of_type(ArrayType)
def slice_method(body: Body, node: ast.Call, called: ast.Attribute, receiver: ir.Value) -> ir.Value:
    """`fill` and `copy_from`; an array also has `set`."""
    wants(body, node, 1)
    span = body.span(node)
    target = as_slice(body, called.value, receiver)
    of = target.type
    if called.attr == "set" and isinstance(receiver.type, PointerType):
        return copy_into(body, node, receiver, body.value(node.args[0]))
    assert isinstance(of, SliceType)
    if called.attr not in ("fill", "copy_from"):
        raise body.refuse("M061", called, f"{receiver.type} has no method {called.attr}", "it has fill and copy_from")
    if not of.writable:
        raise body.refuse("M055", called.value, f"{ast.unparse(called.value)} is only read")
    if called.attr == "fill":
        if not is_scalar(of.element):
            raise body.refuse(
                "M050", node, f"fill would copy {of.element} into every element", "write a for loop with .set"
            )
        values = body.in_order([lambda: target, lambda: value_as(body, node.args[0], of.element)])
        body.after_call()
        return ir.Intrinsic(span, NONE, "fill", values, flags=ir.EFFECTS | values[0].flags | values[1].flags)
    view = body.types.slice(of.element, False)
    values = body.in_order([lambda: target, lambda: _view(body, node.args[0], view)])
    body.after_call()
    return ir.Intrinsic(span, NONE, "copy", values, flags=ir.EFFECTS | ir.TRAPS)


def _view(body: Body, node: ast.expr, to: SliceType) -> ir.Value:
    return coerce(body, as_slice(body, node, body.value(node)), to, node)


@methods_of_type(NamedType)
def text_method(body: Body, node: ast.Call, called: ast.Attribute, receiver: ir.Value) -> ir.Value:
    """`text.encode()`: its bytes, only to be read."""
    if receiver.type is not TEXT or called.attr != "encode":
        hint = "text has encode()" if receiver.type is TEXT else ""
        raise body.refuse("M061", called, f"{receiver.type} has no method {called.attr}", hint)
    if node.keywords or any(not isinstance(a, ast.Constant) or a.value != "utf-8" for a in node.args):
        raise body.refuse("M060", node, "text is UTF-8: write text.encode()")
    to = body.types.slice(U8, False)
    if isinstance(receiver, ir.TextConstant):
        return ir.TextConstant(body.span(node), to, receiver.data)
    return ir.SliceAs(body.span(node), to, receiver, flags=receiver.flags)


@methods_of_type(SharedType)
def shared_method(body: Body, node: ast.Call, called: ast.Attribute, receiver: ir.Value) -> ir.Value:
    """Copies in and out of shared memory, and atomic operations on it."""
    of = receiver.type
    assert isinstance(of, SharedType)
    name, element, span = called.attr, of.element, body.span(node)
    if name in ("load", "store", "add", "cas"):
        receiver = body.stable(receiver)
        index = body.stable(value_as(body, node.args[0], U64)) if node.args else receiver
        flags = ir.TRAPS | ir.READS | receiver.flags | index.flags
        place = ir.SharedElementPlace(span, element, receiver, index, flags=flags)
        _number_only(body, node, element, name)
        return atomic_operation(body, node, called, place, element, 1)
    if name == "read":
        wants(body, node, 1)
        _number_only(body, node, element, name)
        parts = body.in_order([lambda: receiver, lambda: value_as(body, node.args[0], U64)])
        place = ir.SharedElementPlace(span, element, parts[0], parts[1], flags=parts[0].flags | parts[1].flags)
        return ir.SharedRead(span, element, place, flags=ir.EFFECTS | ir.TRAPS)
    second: Type = element
    if name == "write":
        _number_only(body, node, element, name)
    elif name in ("fetch", "put"):
        if not is_storage(element):
            raise body.refuse("M061", called, f"{name} copies a struct; of numbers use read and write")
        second = body.types.pointer(element)
    elif name in ("copy_out", "copy_in"):
        second = body.types.slice(element, name == "copy_out")
    else:
        known = f"read write fetch put copy_out copy_in {' '.join(COUNTS)}".split()
        raise body.refuse("M061", called, f"{of} has no method {name}", f"one of {', '.join(known)}")
    wants(body, node, 2)
    steps = [lambda: receiver, lambda: value_as(body, node.args[0], U64), lambda: value_as(body, node.args[1], second)]
    values = body.in_order(steps)
    body.after_call()
    return ir.Intrinsic(span, NONE, f"shared_{name}", values, flags=ir.EFFECTS | ir.TRAPS)


def _number_only(body: Body, node: ast.AST, element: Type, name: str) -> None:
    if not isinstance(element, (IntegerType, EnumType)):
        raise body.refuse("M061", node, f"{name} is for numbers, not {element}", "copy a struct with fetch and put")
