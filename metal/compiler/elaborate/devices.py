"""What kernels and drivers need: device registers, atomics, fences, assembly, kernel calls."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.elaborate import make
from metal.compiler.elaborate.body import Body, attributes_of_type, elements_of_type, methods_of_type, word
from metal.compiler.elaborate.convert import value_as
from metal.compiler.elaborate.declared import words_type
from metal.compiler.elaborate.places import index_value
from metal.compiler.elaborate.unit import nearest
from metal.compiler.elaborate.words import type_argument, unsafe, wants
from metal.compiler.types import (
    BOOL,
    INTEGERS,
    NONE,
    U64,
    AtomicType,
    DeviceType,
    IntegerType,
    PointerType,
    RegisterType,
    Type,
)
from metal.types.traps import TrapKind

ORDERS = ("relaxed", "acquire", "release", "acq_rel", "seq_cst")


def order_of(body: Body, node: ast.Call, index: int) -> str:
    """The order of an atomic operation: a literal."""
    if len(node.args) <= index:
        return "seq_cst"
    given = node.args[index]
    if not isinstance(given, ast.Constant) or given.value not in ORDERS:
        raise body.refuse("M085", given, f"{ast.unparse(given)} is not an order", f"one of {', '.join(ORDERS)}")
    return str(given.value)


@word("fence")
def fence(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`fence("release")`."""
    wants(body, node, 0, 1)
    return ir.Intrinsic(body.span(node), NONE, "fence", [], (order_of(body, node, 0),), flags=ir.EFFECTS)


COUNTS = {"load": 0, "store": 1, "exchange": 1, "add": 1, "sub": 1, "and_": 1, "or_": 1, "xor": 1, "cas": 2}


@methods_of_type(AtomicType)
def atomic_method(body: Body, node: ast.Call, called: ast.Attribute, receiver: ir.Value) -> ir.Value:
    """`a.load("acquire")` and its like."""
    assert isinstance(receiver.type, PointerType) and isinstance(receiver.type.target, AtomicType)
    element = receiver.type.target.element
    return atomic_operation(body, node, called, make.deref(body.span(node), receiver), element, 0)


def atomic_operation(
    body: Body, node: ast.Call, called: ast.Attribute, place: ir.Place, element: Type, first: int
) -> ir.Value:
    """An atomic operation on a place; `first` arguments were used to find it."""
    count = COUNTS.get(called.attr)
    if count is None:
        raise body.refuse("M061", called, f"an atomic has no method {called.attr}", f"one of {', '.join(COUNTS)}")
    wants(body, node, first + count, first + count + 1)
    if called.attr in ("add", "sub", "and_", "or_", "xor") and not isinstance(element, IntegerType):
        raise body.refuse("M016", node, f"Atomic[{element}] has no {called.attr}")
    order = order_of(body, node, first + count)
    bad = {"load": ("release", "acq_rel"), "store": ("acquire", "acq_rel")}.get(called.attr, ())
    if order in bad:
        raise body.refuse("M085", node, f"a {called.attr} cannot be {order}")
    arguments = body.in_order([lambda a=a: value_as(body, a, element) for a in node.args[first : first + count]])
    of = NONE if called.attr == "store" else BOOL if called.attr == "cas" else element
    operation = called.attr.rstrip("_")
    return ir.AtomicOperation(body.span(node), of, operation, place, arguments, order, flags=ir.EFFECTS | place.flags)


@word("mmio")
def mmio(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`mmio(Serial, base)`: a device whose registers stand at an address."""
    wants(body, node, 2)
    unsafe(body, node, "mmio")
    of = type_argument(body, node.args[0])
    if not isinstance(of, DeviceType):
        raise body.refuse(
            "M075", node.args[0], f"{of} is no class of registers", "its fields are NAME: Reg[u32] = at(0)"
        )
    address = value_as(body, node.args[1], U64)
    return ir.AddressValue(body.span(node), of, address, flags=address.flags)


@attributes_of_type(DeviceType)
def register_value(body: Body, node: ast.Attribute, device: ir.Value) -> ir.Value:
    """`device.REGISTER`: where it stands; it has no value until it is read."""
    assert isinstance(device.type, DeviceType)
    found = device.type.registers.get(node.attr)
    if found is None:
        hint = nearest(node.attr, list(device.type.registers))
        raise body.refuse("M061", node, f"{device.type} has no register {node.attr}", hint)
    offset, of, count, step = found
    span = body.span(node)
    base: ir.Value = ir.AddressValue(span, U64, device, flags=device.flags)
    if isinstance(device, ir.AddressValue) and isinstance(device.operand, ir.Constant):
        base = make.constant(span, U64, device.operand.value)
    address = _plus(body, node, base, make.constant(span, U64, offset))
    return ir.AddressValue(span, RegisterType(of, count, step), address, flags=address.flags)


@elements_of_type(RegisterType)
def register_element(body: Body, node: ast.Subscript, base: ir.Value, index: ir.Value) -> ir.Value:
    """`device.REGISTERS[i]`."""
    of, span = base.type, body.span(node)
    assert isinstance(of, RegisterType) and isinstance(base, ir.AddressValue)
    if not of.count:
        raise body.refuse("M032", node, f"{ast.unparse(node.value)} is one register")
    at = index_value(body, node.slice, index, of.count)
    if not isinstance(at, ir.Constant):
        if at.type is not U64:
            at = ir.Convert(span, U64, at, "checked", flags=at.flags | ir.TRAPS)
        at = body.save(at)
        body.emit(ir.Check(span, make.compare(span, "<", at, make.constant(span, U64, of.count)), TrapKind.BOUNDS))
        scaled: ir.Value = ir.Binary(span, U64, "*", at, make.constant(span, U64, of.step), False)
    else:
        scaled = make.constant(span, U64, int(at.value) * of.step)
    address = _plus(body, node, base.operand, scaled)
    return ir.AddressValue(span, RegisterType(of.element, 0, 0), address, flags=address.flags)


@methods_of_type(RegisterType)
def register_method(body: Body, node: ast.Call, called: ast.Attribute, receiver: ir.Value) -> ir.Value:
    """`device.REGISTER.read()`, `device.REGISTER.write(v)`."""
    of = receiver.type
    assert isinstance(of, RegisterType) and isinstance(receiver, ir.AddressValue)
    if of.count:
        raise body.refuse("M032", node, f"{ast.unparse(called.value)} is an array of registers", "write NAME[i].read()")
    if called.attr not in ("read", "write"):
        raise body.refuse("M061", called, f"a register has no method {called.attr}", "it has read() and write(v)")
    return _access(body, node, called.attr, of.element, receiver.operand)


def _plus(body: Body, node: ast.AST, left: ir.Value, right: ir.Value) -> ir.Value:
    span = body.span(node)
    if isinstance(left, ir.Constant) and isinstance(right, ir.Constant):
        return make.constant(span, U64, int(left.value) + int(right.value))
    return ir.Binary(span, U64, "+", left, right, False, flags=left.flags | right.flags)


def _access(body: Body, node: ast.Call, way: str, of: IntegerType, address: ir.Value) -> ir.Value:
    span = body.span(node)
    if way == "read":
        wants(body, node, 0)
        return ir.Intrinsic(span, of, "mmio_read", [address], flags=ir.EFFECTS)
    wants(body, node, 1)
    address = body.stable(address)
    value = value_as(body, node.args[0], of)
    return ir.Intrinsic(span, NONE, "mmio_write", [address, body.settled(value)], flags=ir.EFFECTS | ir.TRAPS)


def _mmio_word(way: str, of: IntegerType) -> None:
    @word(f"mmio_{way}{of.bits}")
    def access(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
        unsafe(body, node, f"mmio_{way}{of.bits}")
        wants(body, node, 1 if way == "read" else 2)
        if way == "read":
            address = value_as(body, node.args[0], U64)
            return ir.Intrinsic(body.span(node), of, "mmio_read", [address], flags=ir.EFFECTS | ir.TRAPS)
        steps = [lambda: value_as(body, node.args[0], U64), lambda: value_as(body, node.args[1], of)]
        return ir.Intrinsic(body.span(node), NONE, "mmio_write", body.in_order(steps), flags=ir.EFFECTS | ir.TRAPS)

    del access


for _bits in (8, 16, 32, 64):
    _mmio_word("read", INTEGERS[f"u{_bits}"])
    _mmio_word("write", INTEGERS[f"u{_bits}"])


@word("asm", "asm64")
def assembly(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`asm("wfi")`, `asm64("mrs %0, cntvct_el0")`."""
    name = body.word_of(node)
    unsafe(body, node, name)
    if not node.args:
        raise body.refuse("M060", node, f"{name} takes the instructions")
    template = body.value(node.args[0])
    clobber = next((body.value(k.value) for k in node.keywords if k.arg == "clobber"), None)
    if not isinstance(template, ir.TextConstant) or not (clobber is None or isinstance(clobber, ir.TextConstant)):
        raise body.refuse("M091", node, "instructions are a literal text")
    operands = body.in_order([lambda a=a: value_as(body, a, U64) for a in node.args[1:]])
    constants = (template.data.decode(), clobber.data.decode() if clobber is not None else "")
    body.after_call()
    of = U64 if name == "asm64" else NONE
    return ir.Intrinsic(body.span(node), of, name, operands, constants, flags=ir.EFFECTS | ir.TRAPS)


@word("kernel_call")
def kernel_call(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`kernel_call(OPERATION, handle, reply, words)`."""
    unsafe(body, node, "kernel_call")
    wants(body, node, 4)
    operation = body.value(node.args[0])
    if not isinstance(operation, ir.Constant) or not isinstance(operation.value, int):
        raise body.refuse("M091", node.args[0], "the operation is a constant")
    pointer = body.types.pointer(words_type(body.unit))
    wanted_types: list[Type] = [U64, U64, pointer]
    pairs = zip(node.args[1:], wanted_types, strict=True)
    arguments = body.in_order([lambda a=a, t=t: value_as(body, a, t) for a, t in pairs])
    body.after_call()
    result = body.types.tuple((U64, U64))
    return ir.Intrinsic(body.span(node), result, "kernel_call", arguments, (operation.value,), flags=ir.EFFECTS)


@word("symbol_address")
def symbol_address(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`symbol_address("__image_end")`."""
    unsafe(body, node, "symbol_address")
    wants(body, node, 1)
    name = node.args[0]
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        raise body.refuse("M091", node, "the name of a symbol is a literal text")
    return ir.Intrinsic(body.span(node), U64, "symbol_address", [], (name.value,))
