"""Globals and `Final` constants: elaborated when they are first named, so that their order does not matter."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.elaborate import make
from metal.compiler.elaborate.body import Body
from metal.compiler.elaborate.convert import coerce, typed
from metal.compiler.elaborate.declared import OPEN, Annotations, reference, struct_instance, symbol_name
from metal.compiler.elaborate.initials import blank, initial, is_constant, open_array_type
from metal.compiler.elaborate.unit import Unit
from metal.compiler.symbols import ConstantName, GlobalName, StructName, Vocabulary
from metal.compiler.types import LITERAL_INT, ArrayType, Type, is_storage


def global_of(unit: Unit, symbol: GlobalName) -> ir.Global:
    """The variable of a module; elaborated once."""
    if symbol.target is not None:
        return symbol.target
    module = symbol.module
    body = Body(unit, module, {}, None)
    if symbol.busy:
        raise body.refuse("M076", symbol.span_node, f"{symbol.name} needs itself for its own first value")
    symbol.busy = True
    try:
        of = _declared_type(body, symbol)
    finally:
        symbol.busy = False
    made = ir.Global(body.span(symbol.span_node), symbol_name(module.name, symbol.name), of, None)
    symbol.target = made
    unit.globals.append(made)
    if symbol.node is not None:
        value = initial(body, symbol.node, of)
        if not is_constant(value):
            hint = "give it a constant here, and set it in a function"
            raise body.refuse("M091", symbol.node, f"the first value of {symbol.name} is not a constant", hint)
        made.value = value
        made.read_only = _called(body, symbol.node) in ("table", "const")
    elif is_storage(of):
        made.value = blank(body, of, symbol.span_node)
    else:
        raise body.refuse(
            "M077", symbol.span_node, f"{symbol.name} needs a first value", f"write {symbol.name}: ... = ..."
        )
    return made


def _called(body: Body, node: ast.expr) -> str | None:
    symbol = body.symbol(node.func) if isinstance(node, ast.Call) else None
    return symbol.name if isinstance(symbol, Vocabulary) else None


def _declared_type(body: Body, symbol: GlobalName) -> Type:
    of = Annotations(body.unit, symbol.module, {}).type(symbol.annotation)
    if isinstance(of, ArrayType) and of.length == OPEN:
        if symbol.node is None:
            raise body.refuse("M073", symbol.span_node, f"how many elements has {symbol.name}?", "write = array(n)")
        return open_array_type(body, of, symbol.node)
    return of if is_storage(of) else reference(body.unit, of)


def constant_of(unit: Unit, symbol: ConstantName) -> ir.Value:
    """The value of a `Final`: a compile-time number keeps no width unless the annotation gives one."""
    if symbol.value is not None:
        return symbol.value
    module = symbol.module
    body = Body(unit, module, {}, None)
    defined = unit.options.define.get(f"{module.name}.{symbol.name}")
    if defined is not None:
        symbol.value = make.constant(body.span(symbol.node), LITERAL_INT, defined)
    if symbol.busy:
        raise body.refuse("M076", symbol.node, f"{symbol.name} needs itself for its own value")
    symbol.busy = True
    try:
        if symbol.value is None or symbol.annotation is not None:
            value = symbol.value or _constant_value(body, symbol)
            if symbol.annotation is not None:
                of = Annotations(unit, module, {}).reference(symbol.annotation)
                value = coerce(body, value, of, symbol.node)
            symbol.value = value
    finally:
        symbol.busy = False
    return symbol.value


def _constant_value(body: Body, symbol: ConstantName) -> ir.Value:
    called = symbol.node.func if isinstance(symbol.node, ast.Call) else None
    target = body.symbol(called) if called is not None else None
    if isinstance(target, StructName) and not target.variables:
        return _constant_struct(body, symbol, target)
    value = body.value(symbol.node)
    if not is_constant(value):
        hint = "a Final is known while compiling; for a variable write an annotation without Final"
        raise body.refuse("M091", symbol.node, f"{symbol.name} is not a constant", hint)
    return value if value.type is LITERAL_INT else typed_or_literal(body, value, symbol)


def _constant_struct(body: Body, symbol: ConstantName, target: StructName) -> ir.Value:
    """`NAME: Final = T(...)`: storage that the name always stands for."""
    of = struct_instance(body.unit, target, ())
    span = body.span(symbol.span_node)
    made = ir.Global(span, symbol_name(symbol.module.name, symbol.name), of, initial(body, symbol.node, of))
    body.unit.globals.append(made)
    symbol.global_ = made
    return make.address(span, ir.GlobalPlace(span, of, made), body.types)


def typed_or_literal(body: Body, value: ir.Value, symbol: ConstantName) -> ir.Value:
    """Compile-time floats keep no width either; None has no type to be a constant of."""
    if isinstance(value, ir.Constant):
        return value
    return typed(body, value, symbol.node, symbol.name)
