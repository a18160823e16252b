"""Functions: their signature when they are first named, their body when its turn comes."""

from __future__ import annotations

import ast
from collections.abc import Callable

from metal.compiler import ir
from metal.compiler.diagnostics import Refused
from metal.compiler.elaborate.body import Body
from metal.compiler.elaborate.declared import MOST_INSTANCES, Annotations, alignment, struct_instance, symbol_name
from metal.compiler.elaborate.unit import Unit
from metal.compiler.parse import span_of
from metal.compiler.symbols import FunctionName, StructName, Vocabulary
from metal.compiler.types import ERROR, NEVER, NONE, FloatType, FunctionType, PointerType, TupleType, Type


def function_type(unit: Unit, function: ir.Function) -> FunctionType:
    """The type of a function as a value."""
    return unit.types.function(tuple(p.type for p in function.parameters), function.result)


def function_instance(unit: Unit, symbol: FunctionName, arguments: tuple[Type, ...]) -> ir.Function:
    """A function for these types (those of its struct first); lowered later, once."""
    known = symbol.instances.get(arguments)
    if known is not None:
        return known
    module, node = symbol.module, symbol.node
    if len(symbol.instances) >= MOST_INSTANCES:
        hint = "it asks for itself with ever new types: break the chain"
        raise Refused(
            "M088", span_of(module.file, node), f"{symbol.name} has more than {MOST_INSTANCES} instances", hint
        )
    owner_count = len(symbol.owner.variables) if symbol.owner is not None else 0
    variables = [*(symbol.owner.variables if symbol.owner is not None else []), *symbol.variables]
    environment = dict(zip(variables, arguments, strict=True))
    names = [symbol.owner.name] if symbol.owner is not None else []
    tail = [a.symbol for a in arguments]
    shown = ".".join([*names, symbol.name])
    body = Body(unit, module, environment, None)
    made = ir.Function(
        body.span(node), symbol_name(module.name, *names, *tail[:owner_count], symbol.name, *tail[owner_count:]),
        shown, [], NONE,
    )  # fmt: skip
    symbol.instances[arguments] = made
    unit.functions.append(made)
    try:
        _sign(unit, body, symbol, made, arguments[:owner_count])
    except Refused as refused:
        unit.diagnostics.note(refused)
        unit.broken.add(made)
        unit.unsigned.add(made)
        return made
    try:
        _decorate(body, symbol, made)
    except Refused as refused:
        unit.diagnostics.note(refused)
    if not made.foreign:
        unit.waiting.append(lambda: _lower(unit, symbol, made, environment))
    return made


def _sign(unit: Unit, body: Body, symbol: FunctionName, made: ir.Function, owner: tuple[Type, ...]) -> None:
    """Parameters and result."""
    node = symbol.node
    annotations = Annotations(unit, body.module, body.environment)
    given = node.args
    if given.kwarg is not None or (given.vararg is not None and node.name != "__exit__"):
        star = f"**{given.kwarg.arg}" if given.kwarg is not None else f"*{given.vararg.arg if given.vararg else ''}"
        raise body.refuse("M002", node, f"{node.name} takes any number of arguments: {star}", "name each parameter")
    body.function = made
    for index, argument in enumerate([*given.posonlyargs, *given.args, *given.kwonlyargs]):
        if index == 0 and symbol.owner is not None and not symbol.static:
            of: Type = unit.types.pointer(struct_instance(unit, symbol.owner, owner))
        elif node.name == "__exit__" and symbol.owner is not None:
            continue
        else:
            of = _part(body, made, lambda argument=argument: _parameter(body, annotations, argument))
        made.parameters.append(ir.Local(body.span(argument), argument.arg, of, is_parameter=True))
    made.result = _part(body, made, lambda: _result(body, annotations, node))
    made.never_returns = made.result is NEVER


def _part(body: Body, made: ir.Function, read: Callable[[], Type]) -> Type:
    """One type of a signature; one that is refused does not hide mistakes in the others, nor in the body."""
    try:
        return read()
    except Refused as refused:
        body.unit.diagnostics.note(refused)
        body.unit.broken.add(made)
        body.unit.unsigned.add(made)
        return ERROR


def _parameter(body: Body, annotations: Annotations, argument: ast.arg) -> Type:
    if argument.annotation is None:
        raise body.refuse("M070", argument, f"{argument.arg} needs a type", f"write {argument.arg}: u64")
    of = annotations.reference(argument.annotation)
    if of in (NONE, NEVER) or isinstance(of, TupleType):
        raise body.refuse("M071", argument, f"a parameter cannot be {of}", "pass the values one by one")
    _allow(body, argument, of)
    return of


def _result(body: Body, annotations: Annotations, node: ast.FunctionDef) -> Type:
    if node.returns is None:
        if node.name == "__exit__":
            return NONE
        raise body.refuse("M070", node, f"{node.name} needs a return type", "write -> None, or -> u64")
    of = annotations.reference(node.returns)
    if body.function not in body.unit.unsigned:
        _allow(body, node.returns, of)
    return of


def _allow(body: Body, node: ast.AST, of: Type) -> None:
    if body.unit.options.kernel and isinstance(of, FloatType):
        raise body.refuse(
            "M082", node, f"a kernel has no floats: {of}", "count in integers: nanoseconds, parts of 1024"
        )


def _decorate(body: Body, symbol: FunctionName, made: ir.Function) -> None:
    """What the decorators say, and the options about its module."""
    inside = f"{body.module.name}."
    often = body.unit.options.often
    made.rare = bool(often) and not any(inside.startswith(f"{room}.") for room in often)
    for node in symbol.node.decorator_list:
        call = node if isinstance(node, ast.Call) else None
        target = body.symbol(call.func if call is not None else node)
        name = target.name if isinstance(target, Vocabulary) else ""
        if name in ("noinline", "inline", "interrupt", "naked", "foreign"):
            setattr(made, name, True)
        elif name == "export":
            made.exported = symbol.name
        elif name == "section" and call is not None and call.args and isinstance(call.args[0], ast.Constant):
            made.section = str(call.args[0].value)
        elif name == "align" and call is not None and len(call.args) == 1:
            made.align = alignment(body, call.args[0])
        elif name not in ("appender", "comptime", "staticmethod"):
            raise body.refuse(
                "M065", node, f"@{ast.unparse(node)} means nothing here", "see docs/language.md for decorators"
            )
    if made.foreign:
        made.exported = symbol.name
        if not body.module.foreign:
            hint = "add `FOREIGN: Final = True` to the module, if it may call C"
            at = symbol.node.decorator_list[0]
            raise body.refuse("M081", at, f"{symbol.name} is a C function, which needs a FOREIGN module", hint)


def _lower(unit: Unit, symbol: FunctionName, made: ir.Function, environment: dict[str, Type]) -> None:
    """The body of a function."""
    body = Body(unit, symbol.module, environment, made)
    node = symbol.node
    counts: dict[str, int] = {}
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            counts[child.id] = counts.get(child.id, 0) + 1
        elif isinstance(child, ast.Global):
            body.written_globals.update(child.names)
        elif isinstance(child, (ast.MatchAs, ast.MatchStar)) and child.name:
            counts[child.name] = counts.get(child.name, 0) + 2
    body.assigned = frozenset(counts)
    body.assigned_once = frozenset(name for name, count in counts.items() if count == 1)
    for parameter in made.parameters:
        body.names[parameter.name] = parameter
        body.fresh_name(parameter.name)
        body.assigned_once -= {parameter.name}
    statements = node.body
    if statements and isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant):
        statements = statements[1:]
    made.body = body.block
    if made.naked:
        _only_assembly(body, statements)
    body.statements(statements)


def _only_assembly(body: Body, statements: list[ast.stmt]) -> None:
    """A naked function has no frame, so it can hold nothing but instructions."""
    for node in statements:
        called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
        symbol = body.symbol(called) if called is not None else None
        ends = isinstance(node, ast.While) and all(isinstance(inner, ast.Pass) for inner in node.body)
        if (
            not ends
            and not (isinstance(symbol, Vocabulary) and symbol.name == "asm")
            and not isinstance(node, ast.Pass)
        ):
            raise body.refuse(
                "M086", node, "a naked function holds only asm(...)", "call another function from assembly"
            )


def method_instance(
    unit: Unit, pointer: PointerType, method: FunctionName, extra: tuple[Type, ...] = ()
) -> ir.Function:
    """The method of the struct a pointer reaches."""
    struct = pointer.target
    arguments: tuple[Type, ...] = getattr(struct, "arguments", ())
    return function_instance(unit, method, (*arguments, *extra))


def declare_struct(unit: Unit, struct: StructName) -> None:
    """Elaborate a struct that is not generic, used or not, so that all of a file's mistakes are found."""
    if not struct.variables:
        struct_instance(unit, struct, ())


def declare_function(unit: Unit, function: FunctionName) -> None:
    """Elaborate a function that is not generic, used or not."""
    generic = function.variables or (function.owner is not None and function.owner.variables)
    if not generic and not function.comptime:
        function_instance(unit, function, ())
