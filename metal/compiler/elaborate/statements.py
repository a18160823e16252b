"""Simple statements: assignments, expressions for their effect, `return`, `assert`, `global`."""

from __future__ import annotations

import ast
from collections.abc import Callable

from metal.compiler import ir
from metal.compiler.diagnostics import Silenced
from metal.compiler.elaborate import make, unions
from metal.compiler.elaborate.body import Body, statement_rule
from metal.compiler.elaborate.conditions import condition
from metal.compiler.elaborate.convert import coerce, path_of, possible_of, typed, value_as
from metal.compiler.elaborate.declared import OPEN, Annotations, reference
from metal.compiler.elaborate.facts import alternatives, forget_root
from metal.compiler.elaborate.initials import COPY_HINT, copy_advice
from metal.compiler.elaborate.module_values import global_of
from metal.compiler.elaborate.operators import arithmetic
from metal.compiler.elaborate.places import as_slice, place, place_value, read_only
from metal.compiler.source import Span
from metal.compiler.symbols import ConstantName, GlobalName, Vocabulary
from metal.compiler.types import (
    ERROR,
    NEVER,
    NONE,
    ArrayType,
    PointerType,
    ResultType,
    TupleType,
    Type,
    is_storage,
)
from metal.types.traps import TrapKind


@statement_rule(ast.Pass)
def pass_statement(body: Body, node: ast.Pass) -> None:
    """Nothing."""


@statement_rule(ast.Global)
def global_statement(body: Body, node: ast.Global) -> None:
    """`global x`: names that assignments store to at the module's level."""
    for name in node.names:
        if not isinstance(body.unit.resolve(body.module, name), GlobalName):
            if isinstance(body.unit.resolve(body.module, name), ConstantName):
                continue
            raise body.refuse("M003", node, f"{name} is no variable of this module", f"declare {name}: u64 = 0 outside")


@statement_rule(ast.Expr)
def expression_statement(body: Body, node: ast.Expr) -> None:
    """An expression for its effects."""
    if isinstance(node.value, ast.Constant):
        if isinstance(node.value.value, str) or node.value.value is ...:
            return
        raise body.refuse("M025", node, "this does nothing", "assign it, or leave it out")
    if not isinstance(node.value, ast.Call):
        body.value(node.value)
        hint = "write = to assign" if isinstance(node.value, ast.Compare) else "assign it, or leave it out"
        raise body.refuse("M025", node, "this does nothing", hint)
    value = body.value(node.value)
    if isinstance(value.type, ResultType):
        hint = "name it and test it with isinstance"
        raise body.refuse("M022", node, f"the result {value.type} is dropped, and its error with it", hint)
    if not isinstance(value, ir.Zero) and not is_plain(value):
        body.emit(ir.Evaluate(body.span(node), value))
    if value.type is NEVER:
        body.facts = None


def is_plain(value: ir.Value) -> bool:
    """Whether a value has already been evaluated into a variable."""
    return isinstance(value, ir.Load) and isinstance(value.place, ir.LocalPlace)


@statement_rule(ast.Assign)
def assign_statement(body: Body, node: ast.Assign) -> None:
    """`x = v`, `x.f = v`, `x[i] = v`, `a, b = v`."""
    first = node.targets[0]
    if len(node.targets) == 1:
        if isinstance(first, (ast.Tuple, ast.List)):
            _destructure(body, node, first)
        elif isinstance(first, ast.Name):
            _assign_name(body, node, first, node.value)
        else:
            _assign_place(body, node, first, node.value)
        return
    of = _type_of_targets(body, node.targets)
    value = body.save(_ready(body, node.value, of if of is None or not is_storage(of) else None))
    for target in node.targets:
        store_to(body, node, target, value)


def _type_of_targets(body: Body, targets: list[ast.expr]) -> Type | None:
    """The type that one of several targets gives a literal."""
    return next((of for of in (_type_of_target(body, target) for target in targets) if of is not None), None)


def _type_of_target(body: Body, target: ast.expr) -> Type | None:
    if isinstance(target, ast.Name):
        local = body.names.get(target.id)
        if local is not None:
            return local.type
        symbol = body.unit.resolve(body.module, target.id) if target.id in body.written_globals else None
        return global_of(body.unit, symbol).type if isinstance(symbol, GlobalName) else None
    if isinstance(target, (ast.Attribute, ast.Subscript)):
        return place(body.probe(), target).type
    return None


def _assign_name(body: Body, node: ast.stmt, target: ast.Name, given: ast.expr) -> None:
    name = target.id
    if name in body.written_globals:
        _assign_global(body, node, target, given)
        return
    local = body.names.get(name)
    body.storage_name = name
    value = body.value(given, local.type if local is not None else None)
    body.storage_name = None
    bind(body, node, target, given, value)


def bind(body: Body, node: ast.AST, target: ast.Name, given: ast.expr, value: ir.Value, of: Type | None = None) -> None:
    """Let a variable hold a value; the first time makes the variable."""
    name, span = target.id, body.span(node)
    local = body.names.get(name)
    possible = possible_of(body, given, value)
    if local is None:
        if name == "_":
            body.emit(ir.Evaluate(span, value))
            return
        value = as_reference(body, given, value)
        if of is None:
            value = typed(body, value, given, name)
            of = value.type
            if isinstance(of, TupleType):
                raise body.refuse(
                    "M010", given, "a tuple is not held: take it apart", f"write a, b = {ast.unparse(given)}"
                )
            if of is NONE:
                raise body.refuse("M010", given, "this is None: the function gives no value")
        if _binds_storage(body, name, value):
            assert isinstance(value, ir.AddressOf) and isinstance(value.place, ir.LocalPlace)
            body.names[name] = rename(body, value.place.local, name)
            return
        local = body.local(body.span(target), name, of)
        body.names[name] = local
    elif is_storage(local.type):
        raise body.refuse("M050", node, f"{name} is storage", "bind the new reference to another name")
    store_local(body, span, local, value, given, possible)


def rename(body: Body, local: ir.Local, name: str) -> ir.Local:
    """Storage that only one variable will ever name is that variable."""
    local.name = body.fresh_name(name)
    return local


def _binds_storage(body: Body, name: str, value: ir.Value) -> bool:
    return (
        body.depth == 0
        and name in body.assigned_once
        and isinstance(value, ir.AddressOf)
        and isinstance(value.place, ir.LocalPlace)
        and value.place.local.name.startswith(f"{name}_storage")
    )


def as_reference(body: Body, node: ast.expr, value: ir.Value) -> ir.Value:
    """Constant arrays are held as views, so that nothing writes to them."""
    of = value.type
    array = isinstance(of, PointerType) and isinstance(of.target, ArrayType)
    if array and isinstance(value, ir.AddressOf) and read_only(value.place):
        return as_slice(body, node, value)
    return value


def store_local(
    body: Body, span: Span, local: ir.Local, value: ir.Value, given: ast.AST, possible: tuple[Type, ...] | None
) -> None:
    """Store to a variable, and remember which alternative it now holds."""
    held = _alternative(body, value, possible, local.type)
    converted = coerce(body, value, local.type, given, possible)
    body.emit(ir.Store(span, make.local_place(span, local), converted))
    if body.facts:
        body.facts = forget_root(body.facts, local)
    body.exhausted.discard(local.name)
    if unions.is_union(local.type) and held is not None:
        body.learn((local,), held)


def _alternative(body: Body, value: ir.Value, possible: tuple[Type, ...] | None, to: Type) -> tuple[Type, ...] | None:
    """What is known about a union after this value was stored in it."""
    declared = alternatives(to, body.types)
    if isinstance(value, ir.Null) or value.type is NONE:
        return (NONE,)
    held = possible if possible is not None else alternatives(value.type, body.types)
    if len(held) == 1 and held[0] not in declared:
        held = tuple(a for a in declared if a is not NONE and not _is_error(to, a))[:1]
    return held if all(h in declared for h in held) else None


def _is_error(of: Type, alternative: Type) -> bool:
    return isinstance(of, ResultType) and alternative in of.errors


def _assign_global(body: Body, node: ast.stmt, target: ast.Name, given: ast.expr) -> None:
    symbol = body.unit.resolve(body.module, target.id)
    if not isinstance(symbol, GlobalName):
        raise body.refuse("M057", target, f"{target.id} is a Final: it cannot be assigned")
    made = global_of(body.unit, symbol)
    span = body.span(node)
    found = ir.GlobalPlace(body.span(target), made.type, made)
    _store(body, node, target, found, given, span)


def _assign_place(body: Body, node: ast.stmt, target: ast.expr, given: ast.expr) -> None:
    span = body.span(node)
    wanted: Type | None = None
    if needs_type(given):
        wanted = _type_of_target(body, target)
        if wanted is not None and is_storage(wanted):
            raise _copies(body, node, target, wanted)
    value = body.value(given, wanted)
    position = len(body.block)
    found = place(body, target)
    if is_storage(found.type):
        raise _copies(body, node, target, found.type)
    moved = len(body.block) > position
    if value.flags and (moved or (value.flags & ir.TRAPS and found.flags & ir.TRAPS) or found.flags & ir.EFFECTS):
        tail = body.block[position:]
        del body.block[position:]
        value = body.save(value)
        body.block.extend(tail)
    _store_value(body, span, target, found, value, given)


def needs_type(node: ast.expr) -> bool:
    """Whether an expression's meaning depends on what it is assigned to."""
    return isinstance(node, (ast.IfExp, ast.Call, ast.UnaryOp, ast.BinOp))


def _copies(body: Body, node: ast.AST, target: ast.expr, of: Type) -> Exception:
    name = ast.unparse(target)
    text = f"{name} is storage of {of}, which = would copy in C and share in Python: {copy_advice(name)}"
    return body.refuse("M050", node, text, COPY_HINT)


def _store(body: Body, node: ast.stmt, target: ast.expr, found: ir.Place, given: ast.expr, span: Span) -> None:
    if is_storage(found.type):
        raise _copies(body, node, target, found.type)
    _store_value(body, span, target, found, body.value(given, found.type), given)


def _store_value(body: Body, span: Span, target: ast.expr, found: ir.Place, value: ir.Value, given: ast.expr) -> None:
    possible = possible_of(body, given, value)
    held = _alternative(body, value, possible, found.type)
    converted = coerce(body, value, found.type, given, possible)
    if isinstance(found, ir.GlobalPlace) and found.target.read_only:
        raise body.refuse("M055", target, f"{ast.unparse(target)} is read-only")
    body.emit(ir.Store(span, found, converted))
    body.after_store(found)
    path = path_of(body, target)
    if unions.is_union(found.type) and held is not None and path is not None:
        body.learn(path, held)


def store_to(body: Body, node: ast.stmt, target: ast.expr, value: ir.Value) -> None:
    """Store an evaluated value to any target."""
    if isinstance(target, ast.Name) and target.id not in body.written_globals:
        bind(body, node, target, _Evaluated(target), value)
        return
    if isinstance(target, ast.Name):
        symbol = body.unit.resolve(body.module, target.id)
        assert isinstance(symbol, GlobalName)
        made = global_of(body.unit, symbol)
        found: ir.Place = ir.GlobalPlace(body.span(target), made.type, made)
    else:
        found = place(body, target)
    if is_storage(found.type):
        raise _copies(body, node, target, found.type)
    _store_value(body, body.span(node), target, found, value, _Evaluated(target))


class _Evaluated(ast.expr):
    """Stands for an expression that was evaluated before; it has a place and no path."""

    def __init__(self, at: ast.expr) -> None:
        super().__init__()
        ast.copy_location(self, at)


def _destructure(body: Body, node: ast.Assign, target: ast.Tuple | ast.List) -> None:
    """`a, b = f()` and `a, b = b, a`."""
    for one in target.elts:
        if isinstance(one, ast.Starred):
            raise body.refuse("M002", one, "* is not in the language", "name each value")
    if isinstance(node.value, ast.Tuple):
        if len(node.value.elts) != len(target.elts):
            raise body.refuse("M010", node, f"{len(node.value.elts)} values for {len(target.elts)} names")
        wanted = [_type_of_target(body, t) for t in target.elts]
        for one, want in zip(target.elts, wanted, strict=True):
            if want is not None and is_storage(want):
                raise _copies(body, node, one, want)
        steps: list[Callable[[], ir.Value]] = []
        for one, want in zip(node.value.elts, wanted, strict=True):
            steps.append(lambda one=one, want=want: _ready(body, one, want))
        values = [body.save(v) for v in body.in_order(steps)]
    else:
        value = body.value(node.value)
        if not isinstance(value.type, TupleType):
            raise body.refuse("M010", node, f"{value.type} cannot be taken apart", "only a tuple can")
        if len(value.type.items) != len(target.elts):
            raise body.refuse("M010", node, f"{len(value.type.items)} values for {len(target.elts)} names")
        whole = body.save(value)
        span = body.span(node)
        values = [ir.TupleItem(span, of, whole, index) for index, of in enumerate(value.type.items)]
    for one, value in zip(target.elts, values, strict=True):
        store_to(body, node, one, value)


def _ready(body: Body, node: ast.expr, wanted: Type | None) -> ir.Value:
    return value_as(body, node, wanted) if wanted is not None else typed(body, body.value(node), node)


@statement_rule(ast.AnnAssign)
def annotated_statement(body: Body, node: ast.AnnAssign) -> None:
    """`x: u64 = 0`, `w: Array[u32] = array(16)`."""
    if not isinstance(node.target, ast.Name):
        raise body.refuse("M002", node, "only a variable can be annotated here", "leave the annotation out")
    name = node.target.id
    if name in body.written_globals:
        raise body.refuse("M002", node, f"{name} is global", "leave the annotation out")
    if body.module.word(node.annotation) == "Final":
        _local_constant(body, node, name)
        return
    of = Annotations(body.unit, body.module, body.environment).type(node.annotation)
    if name in body.names and body.names[name].type is not ERROR:
        raise body.refuse("M078", node, f"{name} already has a type", "annotate a variable once, where it is first set")
    if node.value is None:
        held = reference(body.unit, of)
        body.names[name] = body.local(body.span(node.target), name, held)
        return
    wanted = of
    if not (isinstance(of, ArrayType) and _makes_array(body, node.value)):
        wanted = reference(body.unit, of)
    body.storage_name = name
    value = body.value(node.value, wanted)
    body.storage_name = None
    if isinstance(of, ArrayType) and of.length == OPEN and isinstance(value.type, PointerType):
        wanted = value.type
        if isinstance(value, ir.AddressOf) and read_only(value.place):
            wanted = reference(body.unit, of)
    bind(body, node, node.target, node.value, value, wanted)


def _local_constant(body: Body, node: ast.AnnAssign, name: str) -> None:
    """`count: Final = 4`: a number folded where it is used, or a variable that is set once."""
    if node.value is None or name not in body.assigned_once:
        raise body.refuse("M077", node, f"{name} is a Final: it is set once, here", f"write {name}: Final = ...")
    given = node.annotation.slice if isinstance(node.annotation, ast.Subscript) else None
    of = Annotations(body.unit, body.module, body.environment).reference(given) if given is not None else None
    value = body.value(node.value, of)
    if of is not None:
        value = coerce(body, value, of, node.value)
    if isinstance(value, ir.Constant):
        body.constants[name] = value
        return
    assert isinstance(node.target, ast.Name)
    bind(body, node, node.target, node.value, value)


def _makes_array(body: Body, node: ast.expr) -> bool:
    symbol = body.symbol(node.func) if isinstance(node, ast.Call) else None
    return isinstance(symbol, Vocabulary) and symbol.name in ("array", "table", "const")


@statement_rule(ast.AugAssign)
def augmented_statement(body: Body, node: ast.AugAssign) -> None:
    """`x += v`: the place is found once, then the value is computed, then stored."""
    span, target = body.span(node), node.target
    found, before = _before(body, target)
    position = len(body.block)
    given = body.value(node.value, before.type)
    if before.flags and (
        len(body.block) > position or given.flags & ir.EFFECTS or before.flags & given.flags & ir.TRAPS
    ):
        tail = body.block[position:]
        del body.block[position:]
        before = body.save(before)
        body.block.extend(tail)
    reading = ast.copy_location(_Evaluated(target), target)
    value = arithmetic(body, node, node.op, (reading, before), (node.value, given), before.type)
    value = coerce(body, value, found.type, node)
    body.emit(ir.Store(span, found, value))
    if isinstance(found, ir.LocalPlace):
        if body.facts:
            body.facts = forget_root(body.facts, found.local)
    else:
        body.after_store(found)


def _before(body: Body, target: ast.expr) -> tuple[ir.Place, ir.Value]:
    """The place of an augmented assignment, its operands settled, and what stands there."""
    if isinstance(target, ast.Name):
        local = body.names.get(target.id)
        if target.id in body.written_globals:
            symbol = body.unit.resolve(body.module, target.id)
            if not isinstance(symbol, GlobalName):
                raise body.refuse("M003", target, f"{target.id} is no variable of this module")
            made = global_of(body.unit, symbol)
            found: ir.Place = ir.GlobalPlace(body.span(target), made.type, made)
            return found, place_value(body, target, found)
        if local is None:
            symbol = body.unit.resolve(body.module, target.id)
            hint = f"write `global {target.id}` at the start of the function" if isinstance(symbol, GlobalName) else ""
            raise body.refuse("M201", target, f"{target.id} may be unset here", hint)
        if local.type is ERROR:
            raise Silenced(body.span(target), "the variable's own line was refused")
        found = make.local_place(body.span(target), local)
        return found, place_value(body, target, found)
    found = fixed(body, place(body, target))
    return found, place_value(body, target, found)


def fixed(body: Body, found: ir.Place) -> ir.Place:
    """A place whose pointers and indexes have been evaluated, so that it can be used twice."""
    if isinstance(found, ir.FieldPlace):
        return make.field_place(found.span, fixed(body, found.base), found.name)
    if isinstance(found, ir.DerefPlace):
        return make.deref(found.span, _once(body, found.pointer))
    if isinstance(found, ir.ElementPlace):
        return make.element_place(found.span, fixed(body, found.base), _once(body, found.index), found.checked)
    if isinstance(found, ir.SliceElementPlace):
        base = _once(body, found.slice)
        return make.slice_element(found.span, base, found.type, _once(body, found.index), found.checked)
    if isinstance(found, ir.RawElementPlace):
        pointer, index = _once(body, found.pointer), _once(body, found.index)
        return ir.RawElementPlace(found.span, found.type, pointer, index, flags=ir.READS)
    return found


def _once(body: Body, value: ir.Value) -> ir.Value:
    return body.stable(value)


@statement_rule(ast.Return)
def return_statement(body: Body, node: ast.Return) -> None:
    """`return v`, after the exits of all `with` statements around."""
    span, result = body.span(node), body.result
    assert result is not None
    if result is NEVER:
        raise body.refuse("M010", node, "a function that never returns has a return")
    value: ir.Value | None = None
    if isinstance(node.value, ast.Tuple):
        value = _tuple(body, node.value, result)
    elif node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        if result is NONE:
            given = body.value(node.value)
            if given.type is not NONE:
                raise body.refuse("M010", node, f"{given.type} where None is wanted", "the function is `-> None`")
            body.emit(ir.Evaluate(span, given))
        else:
            value = value_as(body, node.value, result)
    elif result is not NONE:
        value = coerce(body, unions.none_value(span), result, node)
    if body.cleanups and value is not None:
        value = body.save(value)
    run_cleanups(body, span, 0)
    body.emit(ir.Return(span, value))
    body.facts = None


def _tuple(body: Body, node: ast.Tuple, result: Type) -> ir.Value:
    if not isinstance(result, TupleType) or len(result.items) != len(node.elts):
        raise body.refuse("M010", node, f"{len(node.elts)} values where {result} is wanted")
    pairs = zip(node.elts, result.items, strict=True)
    items = body.in_order([lambda e=e, t=t: value_as(body, e, t) for e, t in pairs])
    flags = 0
    for item in items:
        flags |= item.flags
    return ir.TupleValue(body.span(node), result, items, flags=flags)


def run_cleanups(body: Body, span: Span, down_to: int) -> None:
    """The exits of `with` statements, innermost first."""
    kept = body.cleanups
    for index in range(len(kept) - 1, down_to - 1, -1):
        body.cleanups = kept[:index]
        kept[index](span)
    body.cleanups = kept


@statement_rule(ast.Assert)
def assert_statement(body: Body, node: ast.Assert) -> None:
    """`assert c`: trap unless c holds."""
    tested = condition(body, node.test)
    body.emit(ir.Check(body.span(node), tested.value, TrapKind.ASSERTION))
    body.facts = tested.holds
    if isinstance(tested.value, ir.Constant) and not tested.value.value:
        body.emit(ir.Trap(body.span(node), TrapKind.ASSERTION))
