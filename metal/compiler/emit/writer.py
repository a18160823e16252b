"""The state of writing expressions, and the one rule of when C needs parentheses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from metal.compiler import ir
from metal.compiler.types import EnumType
from metal.targets.target import Target


class Loose(str):
    """An expression that needs parentheses beside any operator; plain text (names, calls, macros) needs none."""


@dataclass
class Writer:
    """Turns values into C; made once a program."""

    target: Target
    handlers: dict[type, Callable[[Writer, ir.Value], str]]
    counter: int = 0
    two_loops: bool = True
    """Whether a loop may be written twice, with its index checks and without."""
    proven: set[int] = field(default_factory=set[int])
    """Identities of places and operations whose checks were made before the loop that is being written."""
    floats: bool = False
    """Whether the program formats a float, which needs that part of the runtime."""
    enums_shown: dict[str, EnumType] = field(default_factory=dict[str, EnumType])
    """Enums whose members' names are written somewhere, by symbol."""

    def value(self, node: ir.Value) -> str:
        """A value as a C expression."""
        return self.handlers[type(node)](self, node)

    def operand(self, node: ir.Value) -> str:
        """A value as a C expression that any operator may stand beside."""
        text = self.handlers[type(node)](self, node)
        return f"({text})" if isinstance(text, Loose) else text

    def next_number(self) -> int:
        """A number not given before, for labels."""
        self.counter += 1
        return self.counter


def is_simple(node: ir.Value) -> bool:
    """Whether a value may be written twice: it is short and has neither effects nor checks."""
    return isinstance(node, ir.Load) and _is_simple_place(node.place)


def _is_simple_place(node: ir.Place) -> bool:
    match node:
        case ir.LocalPlace() | ir.GlobalPlace():
            return True
        case ir.FieldPlace():
            return _is_simple_place(node.base)
        case ir.DerefPlace():
            return is_simple(node.pointer)
        case _:
            return False
