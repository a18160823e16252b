"""The typed form as text, for people who look at what the front end made of a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metal.compiler import ir
from metal.compiler.walk import children


def show_program(program: ir.Program) -> str:
    """All globals and functions."""
    lines: list[str] = []
    for item in program.globals:
        value = "" if item.value is None else f" = {show_value(item.value)}"
        lines.append(f"{'constant' if item.read_only else 'global'} {item.name}: {item.type}{value}")
    for function in program.functions:
        lines += ["", *show_function(function)]
    return "\n".join(lines) + "\n"


def show_function(function: ir.Function) -> Iterator[str]:
    """One function: its head, its variables, its statements."""
    parameters = ", ".join(f"{local.name}: {local.type}" for local in function.parameters)
    marks = [name for name in ("foreign", "naked", "noinline", "inline", "interrupt") if getattr(function, name)]
    marks += [f"exported as {function.exported}"] if function.exported else []
    suffix = f"  ({', '.join(marks)})" if marks else ""
    yield f"function {function.name}({parameters}) -> {function.result}{suffix}"
    for local in function.locals:
        yield f"    variable {local.name}: {local.type}"
    yield from show_block(function.body, 1)


def show_block(block: ir.Block, depth: int) -> Iterator[str]:
    """Statements, one line each, blocks further in."""
    margin = "    " * depth
    for statement in block:
        line = f"{statement.span.line:>5} "
        match statement:
            case ir.Store():
                yield f"{margin}{line}{show_value(statement.place)} = {show_value(statement.value)}"
            case ir.If():
                yield f"{margin}{line}if {show_value(statement.condition)}"
                yield from show_block(statement.then, depth + 1)
                if statement.otherwise:
                    yield f"{margin}      else"
                    yield from show_block(statement.otherwise, depth + 1)
            case ir.While():
                condition = "for ever" if statement.condition is None else show_value(statement.condition)
                yield f"{margin}{line}while {condition}"
                if statement.before:
                    yield f"{margin}      before each round"
                    yield from show_block(statement.before, depth + 2)
                yield from show_block(statement.body, depth + 1)
            case ir.ForRange():
                bounds = f"{show_value(statement.start)}, {show_value(statement.stop)}, {statement.step}"
                yield f"{margin}{line}for {statement.variable.name} in range({bounds})"
                yield from show_block(statement.body, depth + 1)
            case ir.Switch():
                yield f"{margin}{line}switch {show_value(statement.value)}"
                for numbers, inner in statement.cases:
                    yield f"{margin}      case {', '.join(map(str, numbers))}"
                    yield from show_block(inner, depth + 1)
                yield f"{margin}      otherwise"
                yield from show_block(statement.otherwise, depth + 1)
            case ir.Trap():
                yield f"{margin}{line}trap {statement.kind.name}"
            case ir.Check():
                yield f"{margin}{line}check {show_value(statement.condition)} or {statement.kind.name}"
            case _:
                parts = ", ".join(show_value(child) for child in children(statement))
                yield f"{margin}{line}{type(statement).__name__.lower()} {parts}".rstrip()


def show_value(node: Any) -> str:
    """A value or place on one line."""
    match node:
        case ir.Constant():
            return f"{node.value}:{node.type}"
        case ir.TextConstant():
            return repr(node.data)
        case ir.LocalPlace():
            return node.local.name
        case ir.GlobalPlace():
            return node.target.name
        case ir.Load():
            return show_value(node.place)
        case ir.FieldPlace():
            return f"{show_value(node.base)}.{node.name}"
        case ir.DerefPlace():
            return f"{show_value(node.pointer)}^"
        case ir.Binary():
            mark = "!" if node.checked else ""
            return f"({show_value(node.left)} {node.operation}{mark} {show_value(node.right)})"
        case ir.Compare():
            return f"({show_value(node.left)} {node.operation} {show_value(node.right)})"
        case ir.Convert():
            return f"{node.type}.{node.mode}({show_value(node.operand)})"
        case ir.Call():
            return f"{node.function.name}({', '.join(map(show_value, node.arguments))})"
        case ir.Intrinsic():
            parts = [*map(repr, node.constants), *map(show_value, node.arguments)]
            return f"{node.name}({', '.join(parts)})"
        case _:
            inner = ", ".join(show_value(child) for child in children(node))
            mark = "!" if getattr(node, "checked", False) else ""
            return f"{type(node).__name__}{mark}({inner})"
