"""Branches and loops: `if`, `while`, `for`, `break`, `continue`, `with`."""

from __future__ import annotations

import ast

from metal.compiler import ir
from metal.compiler.elaborate import make
from metal.compiler.elaborate.body import Body, Loop, statement_rule
from metal.compiler.elaborate.calls import finish_call
from metal.compiler.elaborate.conditions import condition
from metal.compiler.elaborate.convert import coerce, typed
from metal.compiler.elaborate.declared import method_of
from metal.compiler.elaborate.facts import Facts, forget_memory, join
from metal.compiler.elaborate.functions import method_instance
from metal.compiler.elaborate.places import as_slice, struct_pointer
from metal.compiler.elaborate.statements import run_cleanups, store_to
from metal.compiler.source import Span
from metal.compiler.symbols import Vocabulary
from metal.compiler.types import (
    I64,
    LITERAL_INT,
    NONE,
    TEXT,
    U64,
    ArrayType,
    IntegerType,
    OptionType,
    PointerType,
    ResultType,
    SliceType,
    StructType,
    Type,
    is_storage,
)


def inner_block(body: Body, nodes: list[ast.stmt], facts: Facts | None) -> tuple[ir.Block, Facts | None]:
    """Lower statements into a block of their own, from what is known at its start."""
    outer, body.block = body.block, []
    body.facts = facts
    body.depth += 1
    body.statements(nodes)
    body.depth -= 1
    made, body.block = body.block, outer
    return made, body.facts


@statement_rule(ast.If)
def if_statement(body: Body, node: ast.If) -> None:
    """`if`, with `elif` and `else`."""
    tested = condition(body, node.test)
    before = body.facts
    reachable = before is not None
    exhausted = set(body.exhausted)
    then, after_then = inner_block(body, node.body, tested.holds if reachable else None)
    body.exhausted = set(exhausted)
    if tested.fails is None and node.orelse:
        body.exhausted |= _tested_names(node.test)
    otherwise, after_otherwise = inner_block(body, node.orelse, tested.fails if reachable else None)
    body.exhausted = exhausted
    span = body.span(node)
    if isinstance(tested.value, ir.Constant) and is_final_test(node.test):
        taken, after_taken = (then, after_then) if tested.value.value else (otherwise, after_otherwise)
        if after_taken is None and before is not None:
            # What follows is not dead: another program may be made with another constant.
            body.emit(ir.If(span, tested.value, then, otherwise))
            body.facts = before
            return
        body.block.extend(taken)
        body.facts = after_taken
        return
    body.emit(ir.If(span, tested.value, then, otherwise))
    body.facts = join(after_then, after_otherwise)


def is_final_test(node: ast.expr) -> bool:
    """Whether a condition is made of constants of the program, so that one branch is left out."""
    return not any(isinstance(child, ast.Call) for child in ast.walk(node))


def _tested_names(node: ast.expr) -> set[str]:
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}


def before_loop(body: Body, node: ast.stmt) -> None:
    """Forget what a round of the loop may change."""
    if not body.facts:
        return
    assigned: set[str] = set()
    touches = False
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            assigned.add(child.id)
        elif isinstance(child, (ast.Call, ast.With)) or (
            isinstance(child, (ast.Attribute, ast.Subscript)) and isinstance(child.ctx, ast.Store)
        ):
            touches = True
    facts = forget_memory(body.facts) if touches else body.facts
    changed = {body.names[name] for name in assigned if name in body.names}
    globals_changed = bool(assigned & body.written_globals)
    body.facts = {
        path: known
        for path, known in facts.items()
        if path[0] not in changed and not (globals_changed and isinstance(path[0], ir.Global))
    }


def no_else(body: Body, node: ast.While | ast.For) -> None:
    """`else` of a loop is refused: few readers know when it runs."""
    if node.orelse:
        at = ast.copy_location(ast.Pass(), node.orelse[0])
        lines, line = body.module.file.lines, node.orelse[0].lineno
        while line > 1 and not lines[line - 1].strip().startswith("else"):
            line -= 1
        at.lineno = at.end_lineno = line
        at.col_offset = len(lines[line - 1]) - len(lines[line - 1].lstrip())
        at.end_col_offset = at.col_offset + 4
        raise body.refuse("M002", at, "else of a loop is not in the language", "set a bool before the break")


@statement_rule(ast.While)
def while_statement(body: Body, node: ast.While) -> None:
    """`while`."""
    no_else(body, node)
    before_loop(body, node)
    reachable = body.facts is not None
    span, outer = body.span(node), body.block
    body.block = []
    tested = condition(body, node.test)
    before, body.block = body.block, outer
    loop = Loop(len(body.cleanups))
    body.loops.append(loop)
    inner, _ = inner_block(body, node.body, tested.holds if reachable else None)
    body.loops.pop()
    forever = isinstance(tested.value, ir.Constant) and bool(tested.value.value)
    body.emit(ir.While(span, before, None if forever else tested.value, inner))
    after = None if forever else tested.fails
    for facts in loop.breaks:
        after = join(after, facts)
    body.facts = after if reachable else None


@statement_rule(ast.Break)
def break_statement(body: Body, node: ast.Break) -> None:
    """`break`."""
    _leave(body, node, ir.Break(body.span(node)))


@statement_rule(ast.Continue)
def continue_statement(body: Body, node: ast.Continue) -> None:
    """`continue`."""
    _leave(body, node, ir.Continue(body.span(node)))


def _leave(body: Body, node: ast.Break | ast.Continue, statement: ir.Break | ir.Continue) -> None:
    if not body.loops:
        raise body.refuse("M001", node, f"{type(node).__name__.lower()} outside a loop")
    loop = body.loops[-1]
    run_cleanups(body, body.span(node), loop.cleanups)
    if isinstance(statement, ir.Break) and body.facts is not None:
        loop.breaks.append(body.facts)
    body.emit(statement)
    body.facts = None


@statement_rule(ast.For)
def for_statement(body: Body, node: ast.For) -> None:
    """`for i in range(...)`, `for x in slice`, `for i, x in enumerate(slice)`."""
    no_else(body, node)
    call = node.iter if isinstance(node.iter, ast.Call) else None
    symbol = body.symbol(call.func) if call is not None else None
    name = symbol.name if isinstance(symbol, Vocabulary) else ""
    if call is not None and name == "range":
        _for_range(body, node, call)
    elif call is not None and name == "enumerate":
        if not isinstance(node.target, ast.Tuple) or len(node.target.elts) != 2 or len(call.args) != 1 or call.keywords:
            raise body.refuse("M002", node, "write for i, x in enumerate(slice)")
        _for_elements(body, node, call.args[0], node.target.elts[0], node.target.elts[1])
    else:
        _for_elements(body, node, node.iter, None, node.target)


def _for_range(body: Body, node: ast.For, call: ast.Call) -> None:
    if not isinstance(node.target, ast.Name):
        raise body.refuse("M002", node.target, "the variable of a range is a name")
    if not 1 <= len(call.args) <= 3 or call.keywords:
        raise body.refuse("M060", call, "range takes one to three numbers")
    step = 1
    if len(call.args) == 3:
        value = body.value(call.args[2])
        if not isinstance(value, ir.Constant) or value.value == 0 or not isinstance(value.value, int):
            raise body.refuse("M091", call.args[2], "the step of a range is a constant that is not 0")
        step = value.value
    known = body.names.get(node.target.id)
    values = body.operands(call.args[:2])
    of = _bounds_type(body, call, values, known.type if known is not None else None)
    bounds = [_bound(body, v, of, a) for a, v in zip(call.args, values, strict=False)]
    span = body.span(node)
    start = bounds[0] if len(bounds) == 2 else make.constant(span, of, 0)
    variable = known or body.local(body.span(node.target), node.target.id, of)
    body.names[node.target.id] = variable
    if variable.type is not of:
        raise body.refuse("M079", node.target, f"{of} where {variable.type} is wanted", "give it another name")
    if node.target.id in body.written_globals:
        raise body.refuse("M002", node.target, "the variable of a loop is local", "give it another name")
    before_loop(body, node)
    inner = _loop_body(body, node)
    body.emit(ir.ForRange(span, variable, start, bounds[-1], step, inner))


def _bounds_type(body: Body, call: ast.Call, values: list[ir.Value], known: Type | None) -> Type:
    """The type of a range: that of its bounds; of literals alone u64, or i64 when one is negative."""
    for value, node in zip(values, call.args, strict=False):
        if value.type is not LITERAL_INT:
            if not isinstance(value.type, IntegerType):
                raise body.refuse("M010", node, f"{value.type} where an integer is wanted", "a range counts integers")
            return value.type
    if known is not None:
        return known
    negative = any(isinstance(v, ir.Constant) and v.value < 0 for v in values)
    return I64 if negative else U64


def _bound(body: Body, value: ir.Value, of: Type, node: ast.expr) -> ir.Value:
    if value.type is not of and isinstance(value.type, IntegerType):
        raise body.refuse("M011", node, f"{value.type} where {of} is wanted", f"convert it: {str(of).upper()}(...)")
    unsigned = isinstance(of, IntegerType) and not of.signed
    if unsigned and value.type is LITERAL_INT and isinstance(value, ir.Constant) and value.value == -1:
        hint = "count up and index from the end: a[len(a) - 1 - i], or use i64"
        raise body.refuse("M013", node, f"-1 does not fit {of}", hint)
    return coerce(body, value, of, node)


def _loop_body(body: Body, node: ast.For) -> ir.Block:
    start = body.facts
    loop = Loop(len(body.cleanups))
    body.loops.append(loop)
    inner, _ = inner_block(body, node.body, start)
    body.loops.pop()
    body.facts = start
    for facts in loop.breaks:
        body.facts = join(body.facts, facts)
    return inner


def _for_elements(body: Body, node: ast.For, over: ast.expr, counter: ast.expr | None, target: ast.expr) -> None:
    span = body.span(node)
    value = as_iterable(body, over)
    of = value.type
    hidden = body.temporary(span, U64)
    index = make.load_local(span, hidden)
    if isinstance(of, SliceType):
        element, stop = of.element, ir.SliceLength(span, U64, value)
        reached = make.slice_element(span, value, element, index, checked=False)
    else:
        assert isinstance(of, PointerType) and isinstance(of.target, ArrayType)
        element, length = of.target.element, make.constant(span, U64, of.target.length)
        stop = length  # type: ignore[assignment]
        reached = make.element_place(span, make.deref(span, value), index, checked=False)
    before_loop(body, node)
    outer, start = body.block, body.facts
    body.block = []
    body.depth += 1
    if counter is not None:
        store_to(body, node, counter, index)
    if is_storage(element):
        store_to(body, node, target, make.address(span, reached, body.types))
    else:
        store_to(body, node, target, make.load(span, reached))
    body.depth -= 1
    prefix, body.block = body.block, outer
    inner = _loop_body(body, node)
    body.facts = join(body.facts, start)
    body.emit(ir.ForRange(span, hidden, make.constant(span, U64, 0), stop, 1, prefix + inner))


def as_iterable(body: Body, node: ast.expr) -> ir.Value:
    """What a for loop goes over: a stable slice, or a reference to an array."""
    value = body.value(node)
    of = value.type
    if of is TEXT:
        raise body.refuse(
            "M032", node, "a loop over text counts characters in Python: write text.encode() for its bytes"
        )
    if isinstance(of, PointerType) and isinstance(of.target, ArrayType) and not of.nullable:
        return value if isinstance(value, ir.AddressOf) and not value.flags else body.save(value)
    if not isinstance(of, (SliceType, OptionType, ResultType)):
        shown = "a number" if of is LITERAL_INT else str(of)
        raise body.refuse("M032", node, f"for goes over a range, a slice or an array, not {shown}")
    value = as_slice(body, node, value)
    return value if isinstance(value, ir.TextConstant) else body.save(value)


@statement_rule(ast.With)
def with_statement(body: Body, node: ast.With) -> None:
    """`with lock:` calls `__enter__`, and `__exit__` on every way out."""
    _with_items(body, node, node.items)


def _with_items(body: Body, node: ast.With, items: list[ast.withitem]) -> None:
    if not items:
        body.statements(node.body)
        return
    item = items[0]
    span = body.span(item.context_expr)
    entered_value = typed(body, body.value(item.context_expr), item.context_expr)
    if not isinstance(entered_value.type, (PointerType, OptionType, ResultType)):
        raise body.refuse("M061", item.context_expr, f"{entered_value.type} has no __enter__ and __exit__")
    pointer = struct_pointer(body, item.context_expr, entered_value)
    pointer = pointer if isinstance(pointer, ir.AddressOf) and not pointer.flags else body.save(pointer)
    of = pointer.type
    assert isinstance(of, PointerType) and isinstance(of.target, StructType)
    enter, leave = method_of(of.target, "__enter__"), method_of(of.target, "__exit__")
    if enter is None or leave is None:
        raise body.refuse("M061", item.context_expr, f"{of.target} has no __enter__ and __exit__")
    entered = finish_call(body, item.context_expr, method_instance(body.unit, of, enter), [0], [pointer])
    if item.optional_vars is not None and entered.type is not NONE:
        store_to(body, node, item.optional_vars, body.save(entered))
    else:
        body.emit(ir.Evaluate(span, entered))
    exit_function = method_instance(body.unit, of, leave)
    if exit_function.result is not NONE:
        raise body.refuse("M065", leave.node, "__exit__ gives None: there are no exceptions to swallow")

    def exit_call(at: Span) -> None:
        call = finish_call(body, item.context_expr, exit_function, [0], [pointer])
        body.emit(ir.Evaluate(at, call))

    body.cleanups.append(exit_call)
    body.depth += 1
    _with_items(body, node, items[1:])
    body.depth -= 1
    body.cleanups.pop()
    if body.facts is not None:
        exit_call(body.span(node))
