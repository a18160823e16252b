"""Loops whose index checks can be made once, before the first round: what has to hold, and for which accesses.

An index such as `i * 64 + k` grows with the loop's variable `k` when everything else in it stays the same. If it is in
range for the last `k`, it is in range for all, and its arithmetic cannot leave its type. Such a loop is written twice:
without those checks for when that is so, and with them for when it is not, so that a trap still comes in its own round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from metal.compiler import ir
from metal.compiler.emit.names import c_name
from metal.compiler.emit.values import number
from metal.compiler.types import ArrayType, IntegerType
from metal.compiler.walk import every

# A loop with more nodes than this is not worth writing twice.
_LARGEST = 150


@dataclass
class Proof:
    """What to ask before a loop, and what need not be asked inside it then."""

    questions: list[str] = field(default_factory=list[str])
    """C statements that set the flag when something may go wrong; `FLAG`, `FIRST` and `LAST` stand for names."""
    proven: set[int] = field(default_factory=set[int])
    """Identities of the places and operations that need no check."""
    others: bool = False
    """Whether checks of other kinds stay inside."""


def proof(loop: ir.ForRange) -> Proof | None:
    """The proof for an innermost loop, when it saves a check that the C compiler could not save by itself."""
    of = loop.variable.type
    assert isinstance(of, IntegerType)
    if of.signed or of.bits < 32 or loop.step < 1:
        return None
    nodes = list(every(loop.body))
    if len(nodes) > _LARGEST or any(isinstance(node, ir.While | ir.ForRange) for node in nodes):
        return None
    changed = {
        node.place.local for node in nodes if isinstance(node, ir.Store) and isinstance(node.place, ir.LocalPlace)
    }
    changed |= {node.text for node in nodes if isinstance(node, ir.Format)}
    made = Proof()
    for node in nodes:
        if isinstance(node, ir.SliceElementPlace | ir.ElementPlace) and node.checked:
            _access(node, loop, changed, made)
    made.others = any(getattr(node, "checked", False) and id(node) not in made.proven for node in nodes)
    return made if made.questions else None


def _access(
    node: ir.SliceElementPlace | ir.ElementPlace, loop: ir.ForRange, changed: set[ir.Local], made: Proof
) -> None:
    of = node.index.type
    if not isinstance(of, IntegerType) or of.signed or of.bits < 32:
        return
    if isinstance(node, ir.ElementPlace):
        array = node.base.type
        assert isinstance(array, ArrayType)
        count = str(array.length)
    elif isinstance(node.slice, ir.Load) and isinstance(node.slice.place, ir.LocalPlace):
        if node.slice.place.local in changed:
            return
        count = f"{c_name(node.slice.place.local.name)}.n"
    else:
        return
    index = _Index(loop, changed)
    last = index.text(node.index, "LAST")
    if last is None or not index.grows:
        return
    if _is_plain(node, loop):
        made.proven.add(id(node))
        return
    if index.falls:
        # A difference is smallest in the first round, and must not go below zero there.
        made.questions.append(f"(void){index.text(node.index, 'FIRST')}")
    made.questions.append(f"FLAG |= {last} >= {count}" if "FLAG" not in last else f"AT = {last}; FLAG |= AT >= {count}")
    made.proven.add(id(node))
    made.proven |= index.operations


def _is_plain(node: ir.SliceElementPlace | ir.ElementPlace, loop: ir.ForRange) -> bool:
    """Whether the range itself bounds the index, as in `for i in range(len(s))` with `s[i]`."""
    if not (isinstance(node.index, ir.Load) and isinstance(node.index.place, ir.LocalPlace)):
        return False
    if node.index.place.local is not loop.variable:
        return False
    if isinstance(node, ir.ElementPlace):
        assert isinstance(node.base.type, ArrayType)
        return isinstance(loop.stop, ir.Constant) and loop.stop.value <= node.base.type.length
    match loop.stop:
        case ir.SliceLength(slice=ir.Load(place=ir.LocalPlace(local=bound))):
            assert isinstance(node.slice, ir.Load) and isinstance(node.slice.place, ir.LocalPlace)
            return node.slice.place.local is bound
        case _:
            return False


class _Index:
    """One index as C that notes in a flag when it overflows, evaluated for a given value of the loop's variable."""

    def __init__(self, loop: ir.ForRange, changed: set[ir.Local]) -> None:
        self.variable = loop.variable
        self.changed = changed
        self.grows = False
        self.falls = False
        self.operations: set[int] = set()

    def text(self, node: Any, variable: str) -> str | None:
        """The expression, or None when its value may do anything but grow with the variable."""
        match node:
            case ir.Constant():
                return number(node.type, node.value)
            case ir.Load(place=ir.LocalPlace(local=local)):
                if local is self.variable:
                    self.grows = True
                    return variable
                return None if local in self.changed else c_name(local.name)
            case ir.SliceLength(slice=ir.Load(place=ir.LocalPlace(local=local))):
                return None if local in self.changed else f"{c_name(local.name)}.n"
            case ir.Convert(mode="exact", operand=operand) if isinstance(operand.type, IntegerType):
                return None if operand.type.signed else self.text(operand, variable)
            case ir.Binary(operation="+" | "-" | "*", checked=True):
                return self.binary(node, variable)
            case _:
                return None

    def binary(self, node: ir.Binary, variable: str) -> str | None:
        """Sums and products grow with their operands; a difference only with its left one."""
        left = self.text(node.left, variable)
        right = self.text(node.right, variable)
        if left is None or right is None:
            return None
        if node.operation == "-":
            if _mentions(node.right, self.variable):
                return None
            self.falls = True
        self.operations.add(id(node))
        macro = {"+": "QUIET_ADD", "-": "QUIET_SUB", "*": "QUIET_MUL"}[node.operation]
        return f"{macro}({node.type}, {left}, {right}, FLAG)"


def _mentions(node: ir.Value, local: ir.Local) -> bool:
    statement: list[ir.Statement] = [ir.Evaluate(node.span, node)]
    return any(isinstance(inner, ir.LocalPlace) and inner.local is local for inner in every(statement))
