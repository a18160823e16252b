"""Statements in C, one line each, with `#line` wherever C's own counting would not give the Python line."""

from __future__ import annotations

from dataclasses import dataclass, field

from metal.compiler import ir
from metal.compiler.emit.names import c_name
from metal.compiler.emit.output import format_into, output
from metal.compiler.emit.places import place
from metal.compiler.emit.proofs import proof
from metal.compiler.emit.scopes import Scopes, scopes
from metal.compiler.emit.types import declare, member_name, spelled
from metal.compiler.emit.values import byte_string, initializer, is_zero, number
from metal.compiler.emit.writer import Writer
from metal.compiler.source import Span
from metal.compiler.types import ArrayType, AtomicType, EnumType, IntegerType, StructType, is_storage

# A struct value up to this many bytes is written as one expression; a larger one is cleared and filled field by field,
# so that no second copy of it stands on the stack.
_SMALL = 64


@dataclass
class _Loop:
    """A loop around the statement being written: whether a `break` in C would leave it, and the label if not."""

    inside_switch: bool = False
    label: str | None = None


@dataclass
class Lines:
    """C lines with the Python line each belongs to."""

    lines: list[str] = field(default_factory=list[str])
    file: int = -1
    line: int = -1

    def add(self, text: str, span: Span | None = None, depth: int = 0) -> None:
        """One line; a span says where in Python it stands."""
        if span is not None:
            if span.file.index != self.file:
                self.lines.append(f"#line {span.line} {byte_string(span.file.shown.encode())}")
                self.file, self.line = span.file.index, span.line
            elif span.line != self.line:
                self.lines.append(f"#line {span.line}")
                self.line = span.line
        self.lines.append("    " * depth + text)
        self.line += 1


class BodyWriter:
    """Writes the body of one function."""

    def __init__(self, writer: Writer, lines: Lines, function: ir.Function) -> None:
        self.writer = writer
        self.lines = lines
        self.function = function
        self.scopes: Scopes = scopes(function)
        self.loops: list[_Loop] = []
        self.depth = 1

    def write(self) -> None:
        """Declarations, then the statements."""
        for local in self.scopes.on_top:
            self.add(f"{declare(local.type, c_name(local.name))};", self.function.span)
        self.block(self.function.body)

    def add(self, text: str, span: Span | None = None) -> None:
        """One line at the present depth."""
        self.lines.add(text, span, self.depth)

    def block(self, statements: ir.Block) -> None:
        """Statements one after another."""
        for statement in statements:
            self.statement(statement)

    def nested(self, statements: ir.Block) -> None:
        """Statements one step further in."""
        self.depth += 1
        self.block(statements)
        self.depth -= 1

    def statement(self, node: ir.Statement) -> None:
        """One statement."""
        span = node.span
        match node:
            case ir.Evaluate():
                self.add(f"{self.writer.value(node.value)};", span)
            case ir.Store():
                self.store(node)
            case ir.If():
                self.branch(node, "if")
            case ir.While():
                self.loop(node)
            case ir.ForRange():
                self.counting(node)
            case ir.Switch():
                self.switch(node)
            case ir.Break():
                self.leave(node)
            case ir.Continue():
                self.add("continue;", span)
            case ir.Return():
                self.add("return;" if node.value is None else f"return {self.writer.value(node.value)};", span)
            case ir.Trap():
                self.add(f"TRAP({node.kind.name}, {span.line});", span)
            case ir.Check():
                self.add(f"CHECK({self.writer.value(node.condition)}, {node.kind.name}, {span.line});", span)
            case ir.Output():
                self.add(output(self.writer, node), span)
            case ir.Format():
                self.add(format_into(self.writer, node), span)
            case _:
                raise AssertionError(f"{type(node).__name__} is not a statement")

    def store(self, node: ir.Store) -> None:
        """An assignment, which may be the place where its local is declared."""
        local = self.scopes.at_store.get(id(node))
        if local is not None:
            declared = declare(local.type, c_name(local.name))
            self.add(f"{declared} = {self.writer.value(node.value)};", node.span)
            return
        target = place(self.writer, node.place)
        of, value = node.place.type, node.value
        if isinstance(value, ir.Load) and isinstance(of, ArrayType):
            source = place(self.writer, value.place)
            self.add(f"__builtin_memmove({target}, {source}, sizeof {target});", node.span)
        elif isinstance(value, ir.StructValue | ir.ArrayValue | ir.RepeatValue | ir.Zero) and is_storage(of):
            self.fill(node, target, value)
        elif isinstance(value, ir.AtomicValue):
            self.add(f"{target} = {initializer(self.writer, value)};", node.span)
        else:
            self.add(f"{target} = {self.writer.value(value)};", node.span)

    def fill(self, node: ir.Store, target: str, value: ir.Value) -> None:
        """A whole struct or array made at once."""
        of = node.place.type
        if isinstance(of, AtomicType):
            self.add(f"{target} = 0;", node.span)
        elif is_zero(value):
            self.add(f"__builtin_memset(&{target}, 0, sizeof {target});", node.span)
        elif isinstance(of, StructType) and not _has_arrays(of) and len(of.fields) * 8 <= _SMALL:
            self.add(f"{target} = ({spelled(of)}){initializer(self.writer, value)};", node.span)
        elif isinstance(value, ir.RepeatValue):
            self.add(self.repeated(target, value), node.span)
        else:
            # The parts are evaluated before anything is stored, because they may read what stands there now.
            names: list[tuple[str, str]] = []
            self.add("{", node.span)
            self.depth += 1
            self.evaluate_parts(node, target, value, names)
            self.add(f"__builtin_memset(&{target}, 0, sizeof {target});", node.span)
            for part, name in names:
                self.add(f"{part} = {name};", node.span)
            self.depth -= 1
            self.add("}", node.span)

    def repeated(self, target: str, value: ir.RepeatValue) -> str:
        """Loops that give every element the same value."""
        array = value.type
        assert isinstance(array, ArrayType)
        index = f"i{self.writer.next_number()}__"
        element = f"{target}[{index}]"
        if isinstance(value.element, ir.RepeatValue):
            inner = self.repeated(element, value.element)
        else:
            inner = f"{element} = {self.writer.value(value.element)};"
        return f"for (u64 {index} = 0; {index} < {array.length}; {index}++) {inner}"

    def evaluate_parts(self, node: ir.Store, target: str, value: ir.Value, names: list[tuple[str, str]]) -> None:
        """The parts of a storage value that are not zero: constants by themselves, all else in a variable each."""
        parts: list[tuple[str, ir.Value]] = []
        match value:
            case ir.StructValue():
                parts = [(f"{target}.{c_name(name)}", part) for name, part in value.fields.items()]
            case ir.ArrayValue():
                parts = [(f"{target}[{index}]", part) for index, part in enumerate(value.elements)]
            case ir.RepeatValue():
                array = value.type
                assert isinstance(array, ArrayType)
                parts = [(f"{target}[{index}]", value.element) for index in range(array.length)]
            case _:
                raise AssertionError(f"{type(value).__name__} has no parts")
        for part, inner in parts:
            if is_zero(inner):
                continue
            if isinstance(inner, ir.StructValue | ir.ArrayValue | ir.RepeatValue):
                self.evaluate_parts(node, part, inner, names)
            elif isinstance(inner, ir.AtomicValue):
                names.append((part, initializer(self.writer, inner)))
            elif isinstance(inner, ir.Constant | ir.TextConstant | ir.FunctionReference):
                names.append((part, self.writer.value(inner)))
            else:
                name = f"part{self.writer.next_number()}__"
                self.add(f"{declare(inner.type, name)} = {self.writer.value(inner)};", node.span)
                names.append((part, name))

    def branch(self, node: ir.If, word: str) -> None:
        """`if`, with `else if` for a chain."""
        condition = self.writer.value(node.condition)
        if not node.then and node.otherwise:
            self.add(f"{word} (!({condition})) {{", node.span)
            self.nested(node.otherwise)
            self.add("}")
            return
        self.add(f"{word} ({condition}) {{", node.span)
        self.nested(node.then)
        if len(node.otherwise) == 1 and isinstance(node.otherwise[0], ir.If):
            self.branch(node.otherwise[0], "} else if")
            return
        if node.otherwise:
            self.add("} else {")
            self.nested(node.otherwise)
        self.add("}")

    def loop(self, node: ir.While) -> None:
        """`while`."""
        if node.condition is None or node.before:
            self.add("for (;;) {", node.span)
            self.nested_loop_start(node)
        else:
            self.add(f"while ({self.writer.value(node.condition)}) {{", node.span)
        self.loop_body(node.body)

    def nested_loop_start(self, node: ir.While) -> None:
        """What runs before each round, and the test."""
        self.nested(node.before)
        if node.condition is not None:
            self.depth += 1
            self.add(f"if (!({self.writer.value(node.condition)})) break;", node.span)
            self.depth -= 1

    def loop_body(self, body: ir.Block) -> None:
        """The rounds of a loop, and the label behind it when a switch inside needs one."""
        self.loops.append(_Loop())
        self.nested(body)
        loop = self.loops.pop()
        self.add("}" if loop.label is None else f"}} {loop.label}:;")

    def counting(self, node: ir.ForRange) -> None:
        """`for` over a range: the counter is the variable itself where nobody can tell the difference."""
        found = proof(node) if self.writer.two_loops and id(node) in self.scopes.in_loop else None
        if found is None:
            self.rounds(node, self.writer.value(node.start), self.writer.value(node.stop))
            return
        first, stop, flag, at = (f"{name}{self.writer.next_number()}__" for name in ("first", "stop", "out", "at"))
        of = node.variable.type
        bounds = f"{of} {first} = {self.writer.value(node.start)}, {stop} = {self.writer.value(node.stop)}"
        asked = f"{bounds}; u64 {at}; bool {flag} = !({first} < {stop});"
        for question in found.questions:
            text = question.replace("FLAG", flag).replace("FIRST", first).replace("AT", at)
            asked += f" {text.replace('LAST', f'({stop} - 1)')};"
        self.add(f"{{ {asked}", node.span)
        self.add(f"if (LIKELY(!{flag})){' UNROLL' if found.others else ''}", node.span)
        self.writer.proven |= found.proven
        self.rounds(node, first, stop)
        self.writer.proven -= found.proven
        self.add("else", node.span)
        self.rounds(node, first, stop)
        self.add("}")

    def rounds(self, node: ir.ForRange, start: str, stop: str) -> None:
        """The loop itself, from one C expression to another."""
        of = node.variable.type
        assert isinstance(of, IntegerType)
        name = c_name(node.variable.name)
        own = id(node) in self.scopes.in_loop
        counter = name if own else f"i{self.writer.next_number()}__"
        header = f"for ({of} {counter} = {start}"
        if isinstance(node.stop, ir.Constant):
            limit = number(of, node.stop.value)
        else:
            limit = f"stop{self.writer.next_number()}__"
            header += f", {limit} = {stop}"
        up, step = node.step > 0, abs(node.step)
        if step == 1:
            advance = f"{counter}{'++' if up else '--'}"
        else:
            advance = f"{counter} = {'STEP_UP' if up else 'STEP_DOWN'}({of}, {counter}, {step}, {limit})"
        self.add(f"{header}; {counter} {'<' if up else '>'} {limit}; {advance}) {{", node.span)
        if not own:
            self.depth += 1
            self.add(f"{name} = {counter};", node.span)
            self.depth -= 1
        self.loop_body(node.body)

    def switch(self, node: ir.Switch) -> None:
        """A choice among constants."""
        of = node.value.type
        self.add(f"switch ({self.writer.value(node.value)}) {{", node.span)
        outside = self.loops[-1].inside_switch if self.loops else False
        if self.loops:
            self.loops[-1].inside_switch = True
        for numbers, block in node.cases:
            names = [member_name(of, value) if isinstance(of, EnumType) else number(of, value) for value in numbers]
            self.case(" ".join(f"case {name}:" for name in names), block)
        self.case("default:", node.otherwise)
        if self.loops:
            self.loops[-1].inside_switch = outside
        self.add("}")

    def case(self, labels: str, block: ir.Block) -> None:
        """One branch of a switch."""
        self.add(f"{labels} {{", block[0].span if block else None)
        self.nested(block)
        ends = block and isinstance(block[-1], ir.Return | ir.Continue | ir.Trap | ir.Break)
        self.add("}" if ends else "} break;")

    def leave(self, node: ir.Break) -> None:
        """`break`, which in C would leave only a switch that stands between."""
        loop = self.loops[-1]
        if not loop.inside_switch:
            self.add("break;", node.span)
            return
        if loop.label is None:
            loop.label = f"done{self.writer.next_number()}__"
        self.add(f"goto {loop.label};", node.span)


def _has_arrays(of: StructType) -> bool:
    return any(
        isinstance(field.type, ArrayType) or (isinstance(field.type, StructType) and _has_arrays(field.type))
        for field in of.fields.values()
    )
