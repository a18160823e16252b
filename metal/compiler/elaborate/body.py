"""The state of lowering one function (or one constant), and the few moves every rule needs.

Rules for kinds of syntax register themselves in the tables VALUES and STATEMENTS, so that files of rules need not
import each other: `body.value(node)` finds the rule.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from metal.compiler import ir
from metal.compiler.diagnostics import Refused, own_failure
from metal.compiler.elaborate import make
from metal.compiler.elaborate.facts import Facts, Path, alternatives, forget_field, forget_memory, forget_root
from metal.compiler.elaborate.unit import Unit
from metal.compiler.modules import Module
from metal.compiler.parse import span_of
from metal.compiler.source import Span
from metal.compiler.symbols import ModuleName, Symbol
from metal.compiler.types import ERROR, LITERAL_FLOAT, LITERAL_INT, Type

ValueRule = Callable[["Body", ast.expr, "Type | None"], ir.Value]
StatementRule = Callable[["Body", ast.stmt], None]
VALUES: dict[type[ast.expr], ValueRule] = {}
STATEMENTS: dict[type[ast.stmt], StatementRule] = {}
WORDS: dict[str, Callable[[Body, ast.Call, Type | None], ir.Value]] = {}
"""What a call of a word of the vocabulary means: `len(x)`, `array(n)`, `print(...)`."""
METHODS: dict[type[Type], Callable[[Body, ast.Call, ast.Attribute, ir.Value], ir.Value]] = {}
"""What a call of a built-in method means, by the type of the receiver: `slice.fill(0)`, `atomic.load()`."""
ATTRIBUTES: dict[type[Type], Callable[[Body, ast.Attribute, ir.Value], ir.Value]] = {}
"""What an attribute means of a value that is no struct: `device.REGISTER`."""
ELEMENTS: dict[type[Type], Callable[[Body, ast.Subscript, ir.Value, ir.Value], ir.Value]] = {}
"""What a subscript means of a value that holds no places: `device.REGISTERS[i]`."""
DEEPEST = 100
"""How many expressions may stand inside each other."""
R = TypeVar("R")


def value_rule(kind: type[ast.expr]) -> Callable[[R], R]:
    """Registers the rule that gives an expression of this kind a value."""

    def register(rule: R) -> R:
        VALUES[kind] = rule  # type: ignore[assignment]
        return rule

    return register


def statement_rule(kind: type[ast.stmt]) -> Callable[[R], R]:
    """Registers the rule that lowers a statement of this kind."""

    def register(rule: R) -> R:
        STATEMENTS[kind] = rule  # type: ignore[assignment]
        return rule

    return register


def word(*names: str) -> Callable[[R], R]:
    """Registers the rule for calls of words of the vocabulary."""

    def register(rule: R) -> R:
        for name in names:
            WORDS[name] = rule  # type: ignore[assignment]
        return rule

    return register


def methods_of_type(kind: type[Type]) -> Callable[[R], R]:
    """Registers the rule for built-in methods of a type."""

    def register(rule: R) -> R:
        METHODS[kind] = rule  # type: ignore[assignment]
        return rule

    return register


def attributes_of_type(kind: type[Type]) -> Callable[[R], R]:
    """Registers the rule for attributes of a type."""

    def register(rule: R) -> R:
        ATTRIBUTES[kind] = rule  # type: ignore[assignment]
        return rule

    return register


def elements_of_type(kind: type[Type]) -> Callable[[R], R]:
    """Registers the rule for subscripts of a type."""

    def register(rule: R) -> R:
        ELEMENTS[kind] = rule  # type: ignore[assignment]
        return rule

    return register


@dataclass(slots=True)
class Loop:
    """One loop around the statement being lowered: what is known on the roads that leave it or start its next round."""

    cleanups: int
    breaks: list[Facts] = field(default_factory=list[Facts])


class Body:
    """One function being lowered; `function` is None for a constant, where nothing may be executed."""

    def __init__(self, unit: Unit, module: Module, environment: dict[str, Type], function: ir.Function | None) -> None:
        self.unit = unit
        self.types = unit.types
        self.module = module
        self.environment = environment
        self.function = function
        self.result: Type | None = function.result if function is not None else None
        self.names: dict[str, ir.Local] = {}
        self.constants: dict[str, ir.Constant] = {}
        """`Final` numbers of the function."""
        self.assigned: frozenset[str] = frozenset()
        self.assigned_once: frozenset[str] = frozenset()
        self.written_globals: set[str] = set()
        self.exhausted: set[str] = set()
        """Variables of which a `match` or narrowing left nothing here."""
        self.remaining: dict[str, list[str]] = {}
        """For a variable that is matched: the members that no case before takes."""
        self.depth = 0
        """How many loops and branches stand around the statement being lowered."""
        self.block: ir.Block = []
        self.facts: Facts | None = {}
        self.loops: list[Loop] = []
        self.cleanups: list[Callable[[Span], None]] = []
        """Exits of the `with` statements around, innermost last."""
        self.storage_name: str | None = None
        """The variable that the storage made next is for."""
        self.checked = (module.overflow or unit.options.overflow) == "trap"
        self.seen: set[int] = set()
        """Statements that were lowered, by identity."""
        self._used: set[str] = set()
        self._count = 0
        self._nesting = 0

    # ---- places in the source ----------------------------------------------------------------------------------

    def span(self, node: ast.AST) -> Span:
        """Where a node stands."""
        return span_of(self.module.file, node)

    def refuse(self, code: str, node: ast.AST, message: str, hint: str = "") -> Refused:
        """A refusal at a node; the caller raises it."""
        return Refused(code, self.span(node), message, hint)

    # ---- rules ---------------------------------------------------------------------------------------------------

    def value(self, node: ast.expr, wanted: Type | None = None) -> ir.Value:
        """The value of an expression; `wanted` guides literals and constructors but does not convert."""
        rule = VALUES.get(type(node))
        if rule is None:
            name = type(node).__name__
            hint = _REFUSED_EXPRESSIONS.get(name, "")
            raise self.refuse("M002", node, f"{_SPELLED.get(name, name)} is not in the language", hint)
        self._nesting += 1
        try:
            if self._nesting > DEEPEST:
                raise self.refuse("M009", node, "this expression is nested too deeply", "name parts of it first")
            return rule(self, node, wanted)
        finally:
            self._nesting -= 1

    def statements(self, nodes: list[ast.stmt]) -> None:
        """Lower statements in order; one that is refused does not hide mistakes in the others."""
        for node in nodes:
            self.seen.add(id(node))
            rule = STATEMENTS.get(type(node))
            try:
                if rule is None:
                    name = type(node).__name__
                    hint = _REFUSED_STATEMENTS.get(name, "")
                    raise self.refuse("M002", node, f"{_SPELLED.get(name, name)} is not in the language", hint)
                rule(self, node)
            except Refused as refused:
                self.unit.diagnostics.note(refused)
                if self.function is not None:
                    self.unit.broken.add(self.function)
                self.poison(node)
                self.look_inside(node)
            except Exception as error:
                self.unit.diagnostics.note(own_failure(self.span(node), error))
                if self.function is not None:
                    self.unit.broken.add(self.function)

    def look_inside(self, node: ast.stmt) -> None:
        """The blocks below a refused statement, for mistakes of their own; what is emitted goes nowhere."""
        outer, facts, self.block = self.block, self.facts, []
        self.loops.append(Loop(len(self.cleanups)))
        self.depth += 1
        for name in ("body", "handlers", "cases", "orelse", "finalbody"):
            for inner in getattr(node, name, ()) if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) else ():
                block = [inner] if isinstance(inner, ast.stmt) else inner.body
                if id(block[0]) not in self.seen:
                    self.facts = facts
                    self.statements(block)
        self.depth -= 1
        self.loops.pop()
        self.block, self.facts = outer, facts

    def poison(self, node: ast.stmt) -> None:
        """Variables that a refused statement would have made exist with an unknown type, so that uses stay silent."""
        blocks = ("body", "handlers", "cases", "orelse", "finalbody")
        heads = [child for name, value in ast.iter_fields(node) if name not in blocks for child in _nodes(value)]
        heads += [case.pattern for case in node.cases] if isinstance(node, ast.Match) else []
        for child in (child for head in heads for child in ast.walk(head)):
            name: str | None = None
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                name = child.id
            elif isinstance(child, ast.MatchAs):
                name = child.name
            if name is not None and name not in self.names:
                self.names[name] = ir.Local(self.span(child), name, ERROR)

    def type_of(self, node: ast.expr) -> Type:
        """The type an expression would have; nothing is emitted."""
        return self.probe().value(node).type

    def probe(self) -> Body:
        """A body in the same state whose statements go nowhere: to look at a type before deciding."""
        probe = Body(self.unit, self.module, self.environment, self.function)
        probe.names, probe.constants, probe.facts = self.names, self.constants, self.facts
        probe.assigned, probe.written_globals = self.assigned, self.written_globals
        return probe

    # ---- names ---------------------------------------------------------------------------------------------------

    def symbol(self, node: ast.expr) -> Symbol | None:
        """The module-level thing a name or dotted name stands for; None for values."""
        if isinstance(node, ast.Name):
            if (
                node.id in self.names
                or node.id in self.constants
                or (node.id in self.assigned and node.id not in self.written_globals)
            ):
                return None
            return self.unit.resolve(self.module, node.id)
        if isinstance(node, ast.Attribute):
            base = self.symbol(node.value)
            if isinstance(base, ModuleName):
                found = self.unit.inside(base, node.attr)
                if found is None:
                    raise self.refuse("M003", node, f"{base.target} has no name {node.attr}")
                return found
        return None

    def word_of(self, node: ast.Call) -> str:
        """Which word of the vocabulary a call names, under whatever name it was imported."""
        symbol = self.symbol(node.func)
        return symbol.name if symbol is not None else ""

    # ---- emitting ------------------------------------------------------------------------------------------------

    def emit(self, statement: ir.Statement) -> None:
        """Append a statement to the block being filled."""
        self.block.append(statement)

    def fresh_name(self, wanted: str) -> str:
        """A name no other local has."""
        name, number = wanted, 2
        while name in self._used:
            name, number = f"{wanted}_{number}", number + 1
        self._used.add(name)
        return name

    def local(self, node_span: Span, name: str, of: Type, temporary: bool = False) -> ir.Local:
        """A new local of the function."""
        if self.function is None:
            raise Refused("M091", node_span, "this is not a constant", "only constants can stand at the module's level")
        made = ir.Local(node_span, self.fresh_name(name), of, is_temporary=temporary)
        self.function.locals.append(made)
        return made

    def temporary(self, span: Span, of: Type) -> ir.Local:
        """A new temporary."""
        self._count += 1
        return self.local(span, f"t{self._count}_", of, temporary=True)

    def save(self, value: ir.Value) -> ir.Value:
        """Evaluate a value now, into a temporary."""
        if isinstance(value, ir.Constant):
            return value
        if value.type in (LITERAL_INT, LITERAL_FLOAT):
            raise Refused("M012", value.span, "what width has this number?", "convert it: U64(...)")
        local = self.temporary(value.span, value.type)
        self.emit(ir.Store(value.span, make.local_place(value.span, local), value))
        return make.load_local(value.span, local)

    def settled(self, value: ir.Value) -> ir.Value:
        """A value without effects: calls are evaluated now."""
        return self.save(value) if value.flags & ir.EFFECTS else value

    def stable(self, value: ir.Value) -> ir.Value:
        """A value that may be evaluated twice and later: everything that could change or trap is evaluated now."""
        return self.save(value) if value.flags & make.CHANGING else value

    def in_order(self, steps: list[Callable[[], ir.Value]]) -> list[ir.Value]:
        """Evaluate operands so that the first is over before the second starts, whatever C would do.

        One that is refused does not hide mistakes in the others.
        """
        values: list[ir.Value] = []
        mistakes: list[Refused] = []
        for step in steps:
            position = len(self.block)
            try:
                value = step()
            except Refused as refused:
                mistakes.append(refused)
                continue
            effects = value.flags & ir.EFFECTS or len(self.block) > position
            for index, earlier in enumerate(values):
                clash = effects and earlier.flags & make.CHANGING
                if clash or (earlier.flags & value.flags & ir.TRAPS):
                    tail = self.block[position:]
                    del self.block[position:]
                    values[index] = self.save(earlier)
                    position = len(self.block)
                    self.block.extend(tail)
            values.append(value)
        for refused in mistakes[1:]:
            self.unit.diagnostics.note(refused)
        if mistakes:
            raise mistakes[0]
        if len(values) > 1:
            for index, value in enumerate(values):
                others = (v for i, v in enumerate(values) if i != index)
                if value.flags & ir.EFFECTS and any(v.flags for v in others):
                    values[index] = self.save(value)
        return values

    def operands(self, nodes: list[ast.expr]) -> list[ir.Value]:
        """The values of expressions, in order."""
        return self.in_order([lambda node=node: self.value(node) for node in nodes])

    # ---- narrowing -----------------------------------------------------------------------------------------------

    def known(self, path: Path | None, of: Type) -> tuple[Type, ...]:
        """Which alternatives of a path of this declared type are possible here."""
        everything = alternatives(of, self.types)
        if path is None or self.facts is None:
            return everything
        return self.facts.get(path, everything)

    def learn(self, path: Path | None, possible: tuple[Type, ...]) -> None:
        """From here on only these alternatives of the path are possible."""
        if path is not None and self.facts is not None:
            self.facts = {**self.facts, path: possible}

    def after_call(self) -> None:
        """A call may have changed any memory."""
        if self.facts:
            self.facts = forget_memory(self.facts)

    def after_store(self, place: ir.Place) -> None:
        """A store changed this place, and whatever may be the same memory."""
        if not self.facts:
            return
        if isinstance(place, ir.FieldPlace):
            self.facts = forget_field(self.facts, place.name)
        elif isinstance(place, ir.LocalPlace):
            self.facts = forget_root(self.facts, place.local)
        elif isinstance(place, ir.GlobalPlace):
            self.facts = forget_root(self.facts, place.target)
        elif isinstance(place, ir.RawElementPlace):
            self.after_call()


def _nodes(value: object) -> list[ast.AST]:
    """The syntax nodes of one field of a node."""
    if isinstance(value, ast.AST):
        return [value]
    return (
        [item for item in cast("list[object]", value) if isinstance(item, ast.AST)] if isinstance(value, list) else []
    )


_SPELLED: dict[str, str] = {
    "Lambda": "lambda", "ListComp": "a list comprehension", "SetComp": "a set comprehension",
    "DictComp": "a dict comprehension", "GeneratorExp": "a generator", "Dict": "a dict", "Set": "a set",
    "List": "a list", "Await": "await", "Yield": "yield", "YieldFrom": "yield", "NamedExpr": ":=",
    "Starred": "*", "Tuple": "a tuple here", "Slice": "a slice here", "JoinedStr": "an f-string here",
    "Try": "try", "TryStar": "try",
    "Raise": "raise", "Delete": "del", "AsyncFunctionDef": "async", "AsyncFor": "async", "AsyncWith": "async",
    "FunctionDef": "a nested function", "ClassDef": "a class inside a function", "Import": "import here",
    "ImportFrom": "import here", "Nonlocal": "nonlocal",
}  # fmt: skip
_REFUSED_EXPRESSIONS: dict[str, str] = {
    "Lambda": "write a function at the level of the module and use its name",
    "ListComp": "there is no heap: fill an Array in a for loop, or use const() over a @comptime function",
    "SetComp": "there is no heap: use a Map or a bitmap of metal.library",
    "DictComp": "there is no heap: use a Map of metal.library",
    "GeneratorExp": "write a for loop",
    "Dict": "there is no heap: use a Map of metal.library",
    "Set": "there is no heap: use a bitmap of metal.library",
    "List": "there is no heap: write array(n), or table(...) for constant data",
    "Await": "call the function: it waits",
    "Yield": "write a for loop, or pass a function",
    "NamedExpr": "assign in a line of its own",
    "Starred": "write the arguments one by one",
    "JoinedStr": "give it to print, log or panic, or append it to a Text of metal.library",
    "Tuple": "a tuple is only returned and taken apart; for more use a struct",
}
_REFUSED_STATEMENTS: dict[str, str] = {
    "Try": "errors are values: return `T | Error` and test with isinstance",
    "TryStar": "errors are values: return `T | Error` and test with isinstance",
    "Raise": "errors are values: return one, or stop with panic(...)",
    "Delete": "storage lives as long as its function, struct or module",
    "AsyncFunctionDef": "a call waits by itself; write an ordinary function",
    "FunctionDef": "move it to the level of the module and pass what it needs",
    "ClassDef": "move it to the level of the module",
    "Import": "move it to the top of the file",
    "ImportFrom": "move it to the top of the file",
    "Nonlocal": "functions do not nest: use a field or a global",
}
