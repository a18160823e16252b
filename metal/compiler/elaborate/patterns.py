"""`match`: over enums, numbers, bools and values that may be several things; every case must be met."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from metal.compiler import ir
from metal.compiler.elaborate import make, unions
from metal.compiler.elaborate.body import Body, statement_rule
from metal.compiler.elaborate.conditions import condition
from metal.compiler.elaborate.convert import coerce, path_of, typed
from metal.compiler.elaborate.declared import Annotations
from metal.compiler.elaborate.facts import Facts, alternatives, join
from metal.compiler.elaborate.flow import inner_block
from metal.compiler.elaborate.statements import store_to
from metal.compiler.types import BOOL, NONE, EnumType, IntegerType, Type
from metal.types.traps import TrapKind


@dataclass(slots=True)
class Arm:
    """One case: the numbers it takes (None: all that are left), its guard and its block."""

    numbers: list[int] | None
    guard: ir.Value | None
    block: ir.Block
    guard_block: ir.Block


@statement_rule(ast.Match)
def match_statement(body: Body, node: ast.Match) -> None:
    """`match x: case ...`."""
    value = body.value(node.subject)
    if unions.is_union(value.type):
        _match_union(body, node, value)
        return
    value = typed(body, value, node.subject, ast.unparse(node.subject))
    of = value.type
    if not isinstance(of, (EnumType, IntegerType)) and of is not BOOL:
        raise body.refuse("M044", node.subject, f"match on {of}", "match works on enums, integers and T | Error")
    value = body.save(value)
    _match_numbers(body, node, value, of)


def _match_numbers(body: Body, node: ast.Match, value: ir.Value, of: Type) -> None:
    span, start = body.span(node), body.facts
    everything = set(of.members.values()) if isinstance(of, EnumType) else {0, 1} if of is BOOL else None
    seen: set[int] = set()
    arms: list[Arm] = []
    ends: list[Facts | None] = []
    complete = False
    for case in node.cases:
        numbers, capture = _numbers(body, case.pattern, of)
        _check_reachable(body, case, numbers, seen, everything, complete)
        body.facts = start
        outer, body.block = body.block, []
        if capture is not None:
            body.depth += 1
            store_to(body, node, capture, value)
            body.depth -= 1
        guard = condition(body, case.guard) if case.guard is not None else None
        prefix, body.block = body.block, outer
        known = everything is not None and numbers is None and seen >= everything
        exhausted = set(body.exhausted)
        if isinstance(node.subject, ast.Name):
            if known or complete:
                body.exhausted.add(node.subject.id)
            if isinstance(of, EnumType):
                left = [name for name, number in of.members.items() if number not in seen]
                body.remaining[node.subject.id] = [f"{of}.{name}" for name in left]
        block, end = inner_block(body, case.body, guard.holds if guard is not None else body.facts)
        body.exhausted = exhausted
        arms.append(Arm(numbers, guard.value if guard is not None else None, block, prefix))
        ends.append(end)
        if guard is None:
            seen |= set(numbers or ())
            complete = complete or numbers is None or (everything is not None and seen >= everything)
    if not complete and everything is not None and isinstance(of, EnumType):
        missing = [name for name, number in of.members.items() if number not in seen]
        text = f"match leaves out {', '.join(f'{of}.{name}' for name in missing)}"
        raise body.refuse("M043", node, text, "add the cases, or `case _:`")
    body.facts = None
    for end in ends:
        body.facts = join(body.facts, end)
    if not complete:
        if of is BOOL:
            raise body.refuse("M043", node, "match leaves out a value of bool", "add the case, or `case _:`")
        body.facts = join(body.facts, start)
    _emit_arms(body, node, value, of, arms, complete, span)


def _check_reachable(
    body: Body, case: ast.match_case, numbers: list[int] | None, seen: set[int], everything: set[int] | None, done: bool
) -> None:
    if numbers is not None:
        for number in numbers:
            if number in seen:
                raise body.refuse("M045", case.pattern, "an earlier case takes this value", "leave it out")
        if done:
            raise body.refuse("M045", case.pattern, "an earlier case takes every value", "leave it out")
    elif done and not (everything is not None and seen >= everything):
        raise body.refuse("M045", case.pattern, "an earlier case takes every value", "leave it out")


def _numbers(body: Body, pattern: ast.pattern, of: Type) -> tuple[list[int] | None, ast.Name | None]:
    """The numbers a pattern takes (None: every one) and the name it binds."""
    if isinstance(pattern, ast.MatchAs):
        if pattern.pattern is None:
            name = ast.copy_location(ast.Name(pattern.name, ast.Store()), pattern) if pattern.name else None
            return None, name
        numbers, _ = _numbers(body, pattern.pattern, of)
        return numbers, ast.copy_location(ast.Name(pattern.name or "_", ast.Store()), pattern)
    if isinstance(pattern, ast.MatchOr):
        found: list[int] = []
        for part in pattern.patterns:
            numbers, _ = _numbers(body, part, of)
            if numbers is None:
                return None, None
            found += numbers
        return found, None
    if isinstance(pattern, ast.MatchValue):
        value = body.value(pattern.value, of)
        if isinstance(value.type, EnumType) and isinstance(of, EnumType) and value.type is not of:
            raise body.refuse("M010", pattern, f"{value.type} where {of} is wanted")
        value = coerce(body, value, of, pattern)
        if isinstance(value, ir.Constant):
            return [int(value.value)], None
        raise body.refuse("M044", pattern, "a case is a constant", "write case x if x == value:")
    if isinstance(pattern, ast.MatchSingleton) and isinstance(pattern.value, bool) and of is BOOL:
        return [int(pattern.value)], None
    raise body.refuse("M044", pattern, f"this pattern cannot be matched against {of}", "write a constant, A | B, or _")


def _emit_arms(
    body: Body, node: ast.Match, value: ir.Value, of: Type, arms: list[Arm], complete: bool, span: object
) -> None:
    at = body.span(node)
    rest: ir.Block = [ir.Trap(at, TrapKind.UNREACHABLE)] if complete else []
    if all(arm.guard is None for arm in arms):
        cases: list[tuple[list[int], ir.Block]] = []
        for arm in arms:
            if arm.numbers is None:
                rest = arm.guard_block + arm.block
                break
            cases.append((arm.numbers, arm.guard_block + arm.block))
        body.emit(ir.Switch(at, _number(value), cases, rest))
        return
    for arm in reversed(arms):
        rest = _guarded(body, value, arm, rest)
    body.block.extend(rest)


def _guarded(body: Body, value: ir.Value, arm: Arm, rest: ir.Block) -> ir.Block:
    """One arm of a match with guards: its block when it is hit and its guard holds, else the rest."""
    at, number = value.span, _number(value)
    hit: ir.Value = make.true_or_false(at, True)
    for index, taken in enumerate(arm.numbers or []):
        one = make.compare(at, "==", number, make.constant(at, number.type, taken))
        hit = one if index == 0 else make.either(at, hit, one)
    if arm.guard is None:
        return (
            [*arm.guard_block, *arm.block]
            if arm.numbers is None
            else [ir.If(at, hit, arm.guard_block + arm.block, rest)]
        )
    if arm.numbers is None or not arm.guard_block:
        return [*arm.guard_block, ir.If(at, make.both(at, hit, arm.guard), arm.block, rest)]
    chosen = body.temporary(at, BOOL)
    place = make.local_place(at, chosen)
    return [
        ir.Store(at, place, make.true_or_false(at, False)),
        ir.If(at, hit, [*arm.guard_block, ir.Store(at, place, arm.guard)], []),
        ir.If(at, make.load_local(at, chosen), arm.block, rest),
    ]


def _number(value: ir.Value) -> ir.Value:
    """The matched value as what is stored for it."""
    if isinstance(value.type, EnumType):
        return ir.Convert(value.span, value.type.repr, value, "exact")
    return value


def _match_union(body: Body, node: ast.Match, value: ir.Value) -> None:
    """`match r: case Err.X: ... case Err(): ... case None: ... case value: ...`."""
    of, path = value.type, path_of(body, node.subject)
    possible = body.known(path, of)
    if path is None:
        saved = body.temporary(body.span(node), of)
        body.emit(ir.Store(value.span, make.local_place(value.span, saved), value))
        value, path = make.load_local(value.span, saved), (saved,)
        possible = alternatives(of, body.types)
    start = body.facts
    left = possible
    taken: dict[EnumType, set[int]] = {}
    ends: list[Facts | None] = []
    roads: list[tuple[ir.Block, ir.Value, ir.Block]] = []
    for case in node.cases:
        if not left:
            raise body.refuse("M045", case.pattern, "earlier cases take every value", "leave it out")
        body.facts = start
        outer, body.block = body.block, []
        tested, kinds, whole = _union_pattern(body, case.pattern, value, left, taken)
        before, body.block = body.block, []
        known = {**start, path: kinds} if start is not None else None
        body.facts = known
        _capture(body, node, case.pattern, value, kinds)
        guard = condition(body, case.guard) if case.guard is not None else None
        prefix, body.block = body.block, outer
        block, end = inner_block(body, case.body, guard.holds if guard is not None else body.facts)
        if guard is not None:
            both: ir.Value = make.both(body.span(case.pattern), tested, guard.value)
            if prefix:
                raise body.refuse(
                    "M044", case.guard or node, "this guard needs a line of its own", "use if inside the case"
                )
            tested = both
        elif whole:
            left = tuple(k for k in left if k not in kinds)
        roads.append((before, tested, prefix + block))
        ends.append(end)
    if left:
        raise body.refuse("M043", node, f"match leaves out {', '.join(map(str, left))}", "add the cases, or `case _:`")
    _emit_roads(body, node, roads)
    body.facts = None
    for end in ends:
        body.facts = join(body.facts, end)


def _emit_roads(body: Body, node: ast.Match, roads: list[tuple[ir.Block, ir.Value, ir.Block]]) -> None:
    at = body.span(node)
    chain: ir.Block = [ir.Trap(at, TrapKind.UNREACHABLE)]
    for before, tested, block in reversed(roads):
        if isinstance(tested, ir.Constant) and tested.value:
            chain = [*before, *block]
        else:
            chain = [*before, ir.If(at, tested, block, chain)]
    body.block.extend(chain)


def _union_pattern(
    body: Body, pattern: ast.pattern, value: ir.Value, left: tuple[Type, ...], taken: dict[EnumType, set[int]]
) -> tuple[ir.Value, tuple[Type, ...], bool]:
    """The test of a pattern, the alternatives it can be, and whether it takes all of these."""
    span = body.span(pattern)
    if isinstance(pattern, ast.MatchAs):
        if pattern.pattern is None:
            return make.true_or_false(span, True), left, True
        return _union_pattern(body, pattern.pattern, value, left, taken)
    if isinstance(pattern, ast.MatchOr):
        parts = [_union_pattern(body, part, value, left, taken) for part in pattern.patterns]
        tested = parts[0][0]
        for other, _, _ in parts[1:]:
            tested = make.either(span, tested, other)
        kinds = tuple(dict.fromkeys(k for _, found, _ in parts for k in found))
        return tested, kinds, all(whole for _, _, whole in parts) or parts[-1][2]
    if isinstance(pattern, ast.MatchSingleton) and pattern.value is None and NONE in left:
        return _test(span, value, (NONE,), left), (NONE,), True
    if isinstance(pattern, ast.MatchClass) and not pattern.patterns and not pattern.kwd_patterns:
        annotations = Annotations(body.unit, body.module, body.environment)
        kind = annotations.reference(_type_node(pattern.cls))
        if kind not in left:
            raise body.refuse("M044", pattern, f"this is never {kind} here")
        return _test(span, value, (kind,), left), (kind,), True
    if isinstance(pattern, ast.MatchValue):
        wanted = body.value(pattern.value)
        if isinstance(wanted, ir.Constant) and isinstance(wanted.type, EnumType) and wanted.type in left:
            kind = wanted.type
            seen = taken.setdefault(kind, set())
            seen.add(int(wanted.value))
            number = make.constant(span, kind.repr, wanted.value)
            inside = ir.Convert(span, kind.repr, unions.extract(value, kind), "exact")
            tested = make.both(span, _test(span, value, (kind,), left), make.compare(span, "==", inside, number))
            return tested, (kind,), seen >= set(kind.members.values())
        for kind in left:
            if isinstance(kind, IntegerType) and isinstance(wanted, ir.Constant):
                number = coerce(body, wanted, kind, pattern)  # type: ignore[assignment]
                inside_value = unions.extract(value, kind)
                tested = make.both(
                    span, _test(span, value, (kind,), left), make.compare(span, "==", inside_value, number)
                )
                return tested, (kind,), False
    raise body.refuse("M044", pattern, "this pattern cannot be matched here", "write Err.NAME, Err(), None, or a name")


def _type_node(node: ast.expr) -> ast.expr:
    """`U64()` in a pattern stands for the type u64."""
    if isinstance(node, ast.Name) and node.id[1:].isdigit() and node.id[0] in "UIWF":
        return ast.copy_location(ast.Name(node.id.lower(), ast.Load()), node)
    return node


def _test(span: object, value: ir.Value, kinds: tuple[Type, ...], left: tuple[Type, ...]) -> ir.Value:
    return unions.test_any(value.span, value, kinds, left)


def _capture(body: Body, node: ast.Match, pattern: ast.pattern, value: ir.Value, kinds: tuple[Type, ...]) -> None:
    """`case other:` and `case Err() as e:` bind a name."""
    if not isinstance(pattern, ast.MatchAs) or pattern.name is None:
        return
    if len(kinds) == 1:
        value = unions.extract(value, kinds[0])
    target = ast.copy_location(ast.Name(pattern.name, ast.Store()), pattern)
    body.depth += 1
    store_to(body, node, target, value)
    body.depth -= 1
