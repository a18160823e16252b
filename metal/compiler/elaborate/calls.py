"""Calls: of functions, methods, constructors, function values, and words of the vocabulary."""

from __future__ import annotations

import ast
from collections.abc import Callable

from metal.compiler import ir
from metal.compiler.diagnostics import Silenced
from metal.compiler.elaborate import make
from metal.compiler.elaborate.body import METHODS, WORDS, Body, value_rule
from metal.compiler.elaborate.conversions import convert_number
from metal.compiler.elaborate.convert import absent, coerce, possible_of, typed, value_as
from metal.compiler.elaborate.declared import Annotations, enum_type, method_of, struct_instance, words_type
from metal.compiler.elaborate.functions import function_instance
from metal.compiler.elaborate.generics import infer
from metal.compiler.elaborate.initials import arguments_text, blank, struct_value
from metal.compiler.elaborate.output import is_fstring, pieces_call
from metal.compiler.elaborate.places import field_of, number_named, place_value
from metal.compiler.elaborate.unit import nearest
from metal.compiler.source import Span
from metal.compiler.symbols import EnumName, FunctionName, StructName, Symbol, Vocabulary
from metal.compiler.types import (
    TEXT,
    FunctionType,
    OptionType,
    PointerType,
    ResultType,
    StructType,
    Type,
)


@value_rule(ast.Call)
def call_value(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """A call, by what is called."""
    called = node.func
    if isinstance(called, ast.Subscript):
        symbol = body.symbol(called.value)
        if isinstance(symbol, StructName):
            return construct(body, node, symbol, wanted)
    symbol = body.symbol(called)
    if symbol is not None:
        return _call_symbol(body, node, symbol, wanted)
    if isinstance(called, ast.Attribute):
        owner = body.symbol(called.value)
        number = number_named(owner)
        if number is not None and called.attr == "wrap":
            return convert_number(body, node, number, wrap=True)
        if isinstance(owner, StructName) and called.attr in owner.methods:
            return call_function(body, node, owner.methods[called.attr], None)
        return _call_method(body, node, called)
    return _call_value(body, node, body.value(called))


def _call_symbol(body: Body, node: ast.Call, symbol: Symbol, wanted: Type | None) -> ir.Value:
    if isinstance(symbol, FunctionName):
        if symbol.comptime:
            raise body.refuse(
                "M090",
                node,
                f"{symbol.name} is @comptime: it runs while compiling",
                f"write const({ast.unparse(node)})",
            )
        return call_function(body, node, symbol, None)
    if isinstance(symbol, StructName):
        return construct(body, node, symbol, wanted)
    if isinstance(symbol, Vocabulary):
        rule = WORDS.get(symbol.name)
        if rule is not None:
            return rule(body, node, wanted)
        if symbol.name == "Words":
            of = words_type(body.unit)
            return new_storage(body, body.span(node), of, blank(body, of, node))
        hint = _REFUSED_CALLS.get(symbol.name, "")
        raise body.refuse("M002", node, f"{symbol.name}() is not in the language", hint)
    if isinstance(symbol, EnumName):
        return convert_number(body, node, enum_type(body.unit, symbol), wrap=False)
    return _call_value(body, node, body.value(node.func))


_REFUSED_CALLS: dict[str, str] = {
    "int": "say the width: U64(x)", "float": "say the width: F64(x)", "str": "format with an f-string",
    "list": "there is no heap: use an Array, or List of metal.library",
    "dict": "there is no heap: use Map of metal.library", "set": "there is no heap: use a bitmap of metal.library",
    "sorted": "use metal.library.sorting", "sum": "write a for loop", "any": "write a for loop",
    "all": "write a for loop", "getattr": "name the field", "setattr": "name the field", "type": "use a TypeVar",
    "zip": "write a for loop over range(len(a))", "reversed": "write a for loop over range(n - 1, -1, -1)",
    "input": "a program reads from a service", "open": "a program reads from a service",
    "divmod": "write a // b and a % b", "map": "write a for loop", "filter": "write a for loop",
}  # fmt: skip


def note_call(body: Body, function: ir.Function) -> None:
    """Keeps the graph of calls, and forgets what the callee may have changed."""
    if body.function is not None:
        body.unit.calls.setdefault(body.function, []).append(function)
    body.after_call()


def new_storage(body: Body, span: Span, of: Type, value: ir.Value | None) -> ir.Value:
    """Storage on the stack with a first value; the result refers to it."""
    name = body.storage_name or f"{getattr(of, 'name', 'array').lower()}"
    body.storage_name = None
    local = body.local(span, f"{name}_storage", of)
    place = make.local_place(span, local)
    if value is not None:
        body.emit(ir.Store(span, place, value))
    else:
        local.uninitialized = True
    return make.address(span, place, body.types)


def construct(body: Body, node: ast.Call, symbol: StructName, wanted: Type | None) -> ir.Value:
    """`T(...)`: new storage."""
    name = body.storage_name
    body.storage_name = None
    of = _constructed(body, node, symbol, wanted)
    span = body.span(node)
    if body.function is None:
        raise body.refuse("M091", node, f"{symbol.name}(...) is not a constant", "give it to a global or a field")
    value = struct_value(body, node, of)
    body.storage_name = name
    return new_storage(body, span, of, value)


def _constructed(body: Body, node: ast.Call, symbol: StructName, wanted: Type | None) -> StructType:
    annotations = Annotations(body.unit, body.module, body.environment)
    if isinstance(node.func, ast.Subscript):
        of = annotations.type(node.func)
        assert isinstance(of, StructType)
        return of
    if not symbol.variables:
        return struct_instance(body.unit, symbol, ())
    target = wanted.target if isinstance(wanted, PointerType) else wanted
    if isinstance(target, StructType) and target.declaration is symbol:
        return target
    found: dict[str, Type] = {}
    fields = [n for n in symbol.node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
    by_name = {n.target.id: n.annotation for n in fields if isinstance(n.target, ast.Name)}
    pairs = [*zip(by_name.values(), node.args, strict=False)]
    pairs += [(by_name[k.arg], k.value) for k in node.keywords if k.arg in by_name]
    probe = Body(body.unit, body.module, body.environment, body.function)
    probe.names, probe.assigned, probe.facts = body.names, body.assigned, body.facts
    for annotation, argument in pairs:
        infer(body, symbol, symbol.variables, annotation, probe.value(argument).type, found)
    missing = [v for v in symbol.variables if v not in found]
    if missing:
        hint = f"write {symbol.name}[u64](...)"
        raise body.refuse("M072", node, f"what is {missing[0]} of this {symbol.name}?", hint)
    return struct_instance(body.unit, symbol, tuple(found[v] for v in symbol.variables))


def _call_method(body: Body, node: ast.Call, called: ast.Attribute) -> ir.Value:
    """`x.name(...)` where x is a value."""
    receiver = body.value(called.value)
    of = receiver.type
    if isinstance(of, PointerType) and isinstance(of.target, StructType):
        struct = of.target
        method = method_of(struct, called.attr)
        if of.nullable:
            raise absent(body, called.value, of)
        if method is not None:
            return call_function(body, node, method, receiver)
        if called.attr not in struct.fields:
            rule = METHODS.get(StructType)
            if called.attr == "set" and rule is not None:
                return rule(body, node, called, receiver)
            hint = nearest(called.attr, _method_names(struct))
            raise body.refuse("M061", called, f"{struct} has no method {called.attr}", hint)
        return _call_value(body, node, place_value(body, called, field_of(body, called, receiver)))
    if isinstance(of, (OptionType, ResultType)):
        raise absent(body, called.value, of)
    key = type(of.target) if isinstance(of, PointerType) else type(of)
    rule = METHODS.get(key)
    if rule is None:
        raise body.refuse("M061", called, f"{of} has no method {called.attr}")
    return rule(body, node, called, receiver)


def _method_names(struct: StructType) -> list[str]:
    symbol = struct.declaration
    return [*struct.fields, *(symbol.methods if isinstance(symbol, StructName) else [])]


def _call_value(body: Body, node: ast.Call, function: ir.Value) -> ir.Value:
    """A call through a function value."""
    of = function.type
    if not isinstance(of, FunctionType):
        raise body.refuse("M062", node, f"{ast.unparse(node.func)} is {of}, which cannot be called")
    if of.nullable:
        raise absent(body, node.func, of)
    if node.keywords:
        raise body.refuse("M060", node.keywords[0], "a function value has no names for its parameters")
    if len(node.args) != len(of.parameters):
        text = f"{len(of.parameters)} arguments are wanted, not {len(node.args)}"
        raise body.refuse("M060", node, text)
    pairs = zip(node.args, of.parameters, strict=True)
    steps: list[Callable[[], ir.Value]] = [lambda: function]
    steps += [lambda a=a, p=p: value_as(body, a, p) for a, p in pairs]
    values = body.in_order(steps)
    body.after_call()
    if isinstance(values[0], ir.FunctionReference):
        note_call(body, values[0].function)
        return ir.Call(body.span(node), of.result, values[0].function, values[1:], flags=ir.EFFECTS | ir.TRAPS)
    return ir.CallIndirect(body.span(node), of.result, values[0], values[1:], flags=ir.EFFECTS | ir.TRAPS)


def call_function(body: Body, node: ast.Call, symbol: FunctionName, receiver: ir.Value | None) -> ir.Value:
    """A direct call; `receiver` is the struct a method is called on."""
    if body.function is None:
        hint = "only @comptime functions run while compiling: const(...)"
        raise body.refuse("M091", node, f"{symbol.name}() is not a constant", hint)
    skip = 1 if receiver is not None and not symbol.static else 0
    arguments = _match(body, node, symbol, skip)
    if symbol.appender and any(is_fstring(a) for _, a in arguments):
        assert receiver is not None
        return _append(body, node, symbol, receiver, arguments)
    if symbol.variables:
        return _call_generic(body, node, symbol, receiver, arguments)
    owner = _owner_types(receiver, symbol)
    function = function_instance(body.unit, symbol, owner)
    return _emit_call(body, node, symbol, function, receiver if skip else None, arguments)


def _owner_types(receiver: ir.Value | None, symbol: FunctionName) -> tuple[Type, ...]:
    if receiver is not None and isinstance(receiver.type, PointerType) and symbol.owner is not None:
        target = receiver.type.target
        return target.arguments if isinstance(target, StructType) else ()
    return ()


def _match(body: Body, node: ast.Call, symbol: FunctionName, skip: int) -> list[tuple[int, ast.expr]]:
    """Which argument goes to which parameter, in the order written; missing ones take their default."""
    given = symbol.node.args
    parameters = [*given.posonlyargs, *given.args]
    keyword_only = given.kwonlyargs
    names = [p.arg for p in [*parameters, *keyword_only]]
    found: list[tuple[int, ast.expr]] = []
    if len(node.args) > len(parameters) - skip:
        wanted = len(parameters) - skip
        text = arguments_text(symbol.name, wanted, len(node.args))
        raise body.refuse("M060", node.args[wanted], text, _signature(symbol, skip))
    for index, argument in enumerate(node.args):
        if isinstance(argument, ast.Starred):
            raise body.refuse("M002", argument, "* is not in the language", "write the arguments one by one")
        found.append((index + skip, argument))
    for keyword in node.keywords:
        if keyword.arg is None:
            raise body.refuse("M002", keyword, "** is not in the language", "write the arguments one by one")
        if keyword.arg not in names:
            raise body.refuse(
                "M060", keyword, f"{symbol.name} has no parameter {keyword.arg}", nearest(keyword.arg, names)
            )
        index = names.index(keyword.arg)
        if any(index == known for known, _ in found):
            raise body.refuse("M060", keyword, f"{keyword.arg} is given twice")
        found.append((index, keyword.value))
    defaults = dict(zip(range(len(parameters) - len(given.defaults), len(parameters)), given.defaults, strict=True))
    for offset, default in enumerate(given.kw_defaults):
        if default is not None:
            defaults[len(parameters) + offset] = default
    known = {index for index, _ in found}
    for index in range(skip, len(names)):
        if index not in known:
            if index not in defaults:
                raise body.refuse("M060", node, f"{symbol.name} needs {names[index]}", _signature(symbol, skip))
            found.append((index, _Default(defaults[index])))
    return found


def _signature(symbol: FunctionName, skip: int) -> str:
    """How a function is called, as it was written."""
    given = symbol.node.args
    names = [*given.posonlyargs, *given.args][skip:] + given.kwonlyargs
    return f"{symbol.name}({', '.join(ast.unparse(name) for name in names)})"


class _Default(ast.expr):
    """The default of a parameter, evaluated in the module of the function."""

    def __init__(self, node: ast.expr) -> None:
        super().__init__()
        self.node = node


def _argument(body: Body, symbol: FunctionName, argument: ast.expr, of: Type) -> ir.Value:
    if isinstance(argument, _Default):
        inner = Body(body.unit, symbol.module, {}, None)
        return value_as(inner, argument.node, of)
    return value_as(body, argument, of)


def _emit_call(
    body: Body, node: ast.Call, symbol: FunctionName, function: ir.Function, receiver: ir.Value | None,
    arguments: list[tuple[int, ast.expr]],
) -> ir.Value:  # fmt: skip
    if function in body.unit.unsigned:
        raise Silenced(body.span(node), "the signature of the function was refused")
    parameters = function.parameters
    steps: list[Callable[[], ir.Value]] = [lambda: receiver] if receiver is not None else []  # type: ignore[list-item]
    order = [0] if receiver is not None else []
    for index, argument in arguments:
        if index >= len(parameters):
            continue
        steps.append(lambda a=argument, p=parameters[index].type: _argument(body, symbol, a, p))
        order.append(index)
    return finish_call(body, node, function, order, body.in_order(steps))


def finish_call(body: Body, node: ast.AST, function: ir.Function, order: list[int], values: list[ir.Value]) -> ir.Value:
    """The call itself, its arguments in the order of the parameters."""
    if order != sorted(order):
        values = [body.stable(value) for value in values]
    placed = [value for _, value in sorted(zip(order, values, strict=True), key=lambda pair: pair[0])]
    note_call(body, function)
    return ir.Call(body.span(node), function.result, function, placed, flags=ir.EFFECTS | ir.TRAPS)


def _call_generic(
    body: Body, node: ast.Call, symbol: FunctionName, receiver: ir.Value | None, arguments: list[tuple[int, ast.expr]]
) -> ir.Value:
    """The types of a generic function come from its arguments."""
    given = symbol.node.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    steps: list[Callable[[], ir.Value]] = [lambda: receiver] if receiver is not None else []  # type: ignore[list-item]
    for _, argument in arguments:
        if isinstance(argument, _Default):
            inner = Body(body.unit, symbol.module, {}, None)
            steps.append(lambda inner=inner, argument=argument: inner.value(argument.node))
        else:
            steps.append(lambda argument=argument: body.value(argument))
    values = body.in_order(steps)
    own = values[1:] if receiver is not None else values
    found: dict[str, Type] = {}
    for (index, _), value in zip(arguments, own, strict=True):
        annotation = parameters[index].annotation
        if annotation is not None:
            infer(body, symbol, symbol.variables, annotation, value.type, found)
    for variable in symbol.variables:
        if variable not in found:
            hint = "convert a literal to say its width: U64(0)"
            raise body.refuse("M072", node, f"what is {variable} of {symbol.name} here?", hint)
    types = (*_owner_types(receiver, symbol), *(found[v] for v in symbol.variables))
    function = function_instance(body.unit, symbol, types)
    if len(function.parameters) != len(parameters):
        raise Silenced(body.span(node), "the signature of the function was refused")
    order = [0] if receiver is not None else []
    converted = values[: len(order)]
    for (index, argument), value in zip(arguments, own, strict=True):
        order.append(index)
        possible = None if isinstance(argument, _Default) else possible_of(body, argument, value)
        converted.append(coerce(body, value, function.parameters[index].type, argument, possible))
    return finish_call(body, node, function, order, converted)


def _append(
    body: Body, node: ast.Call, symbol: FunctionName, receiver: ir.Value, arguments: list[tuple[int, ast.expr]]
) -> ir.Value:
    """A call of an `@appender` with an f-string: one call for each piece."""
    function = function_instance(body.unit, symbol, _owner_types(receiver, symbol))
    if len(function.parameters) != 2 or function.parameters[1].type is not TEXT:
        raise body.refuse("M065", symbol.node, "an @appender takes self and a str")
    receiver = body.stable(receiver)
    span = body.span(node)

    def one(text: ir.Value) -> ir.Value:
        note_call(body, function)
        return ir.Call(span, function.result, function, [receiver, text], flags=ir.EFFECTS | ir.TRAPS)

    joined = arguments[0][1]
    assert isinstance(joined, ast.JoinedStr)
    return pieces_call(body, joined, function.result, one)


def typed_operand(body: Body, node: ast.expr) -> ir.Value:
    """The value of an operand that must have a type of its own."""
    return typed(body, body.value(node), node, ast.unparse(node))
