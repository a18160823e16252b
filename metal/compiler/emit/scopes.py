"""Where a function's locals are declared in C: at their first assignment when every use lies in the same block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from metal.compiler import ir
from metal.compiler.types import is_storage
from metal.compiler.walk import children


@dataclass
class Scopes:
    """The decision for each local of one function."""

    at_store: dict[int, ir.Local] = field(default_factory=dict[int, ir.Local])
    """Stores that declare their local, by the store's identity."""
    in_loop: set[int] = field(default_factory=set[int])
    """Range loops that declare their variable and use it as the counter."""
    on_top: list[ir.Local] = field(default_factory=list[ir.Local])
    """All others, declared where the function begins."""


@dataclass
class _Uses:
    first: ir.Statement | None = None
    first_is_store: bool = False
    path: tuple[int, ...] = ()
    address_taken: bool = False
    loops: list[ir.ForRange] = field(default_factory=list[ir.ForRange])
    """Range loops that count with this local."""
    only_in_loops: bool = True
    """Whether it is only read, and only inside a loop that counts with it."""


def scopes(function: ir.Function) -> Scopes:
    """Decides for each local where it is declared."""
    walk = _Walk()
    walk.block(function.body, ())
    decided = Scopes()
    for local in function.locals:
        use = walk.uses.get(local)
        if use is None or local.is_parameter:
            continue
        movable = not is_storage(local.type) and not use.address_taken
        if movable and use.loops and use.only_in_loops:
            decided.in_loop.update(id(loop) for loop in use.loops)
        elif movable and use.first_is_store and use.first is not None and not use.loops:
            decided.at_store[id(use.first)] = local
        else:
            decided.on_top.append(local)
    return decided


def _common(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return left[:count]


class _Walk:
    """One walk over a function; a path names the C blocks around a mention."""

    def __init__(self) -> None:
        self.uses: dict[ir.Local, _Uses] = {}
        self.counting: set[ir.Local] = set()

    def block(self, block: ir.Block, path: tuple[int, ...]) -> None:
        for statement in block:
            self.statement(statement, path)

    def statement(self, statement: ir.Statement, path: tuple[int, ...]) -> None:
        match statement:
            case ir.Store(place=ir.LocalPlace() as target):
                self.value(statement.value, statement, path)
                self.mention(target.local, statement, path, is_store=True)
            case ir.If():
                self.value(statement.condition, statement, path)
                self.block(statement.then, (*path, id(statement.then)))
                self.block(statement.otherwise, (*path, id(statement.otherwise)))
            case ir.While():
                # `before` runs in the loop's own block, and so does the condition when there is something before it.
                inside = (*path, id(statement.body))
                self.block(statement.before, inside)
                if statement.condition is not None:
                    self.value(statement.condition, statement, inside if statement.before else path)
                self.block(statement.body, inside)
            case ir.ForRange():
                self.value(statement.start, statement, path)
                self.value(statement.stop, statement, path)
                self.range(statement, path)
            case ir.Switch():
                self.value(statement.value, statement, path)
                for _, block in statement.cases:
                    self.block(block, (*path, id(block)))
                self.block(statement.otherwise, (*path, id(statement.otherwise)))
            case ir.Format():
                self.value(statement.piece.value, statement, path)
                self.mention(statement.buffer, statement, path)
                self.mention(statement.text, statement, path)
            case ir.Output():
                for piece in statement.pieces:
                    if isinstance(piece, ir.ValuePiece):
                        self.value(piece.value, statement, path)
            case _:
                for child in children(statement):
                    self.value(child, statement, path)

    def range(self, loop: ir.ForRange, path: tuple[int, ...]) -> None:
        variable, inside = loop.variable, (*path, id(loop))
        nested = variable in self.counting
        self.counting.add(variable)
        self.mention(variable, loop, inside)
        use = self.uses[variable]
        use.loops.append(loop)
        use.only_in_loops = use.only_in_loops and not nested
        self.block(loop.body, inside)
        if not nested:
            self.counting.discard(variable)

    def value(self, node: Any, statement: ir.Statement, path: tuple[int, ...]) -> None:
        if isinstance(node, ir.LocalPlace):
            self.mention(node.local, statement, path)
            return
        if isinstance(node, ir.AddressOf):
            base = node.place
            while isinstance(base, ir.FieldPlace | ir.ElementPlace):
                base = base.base
            if isinstance(base, ir.LocalPlace):
                self.mention(base.local, statement, path)
                self.uses[base.local].address_taken = True
        for child in children(node):
            self.value(child, statement, path)

    def mention(self, local: ir.Local, statement: ir.Statement, path: tuple[int, ...], is_store: bool = False) -> None:
        use = self.uses.get(local)
        if use is None:
            use = self.uses[local] = _Uses(statement, is_store, path)
        if is_store or local not in self.counting:
            use.only_in_loops = False
        common = _common(use.path, path)
        if common != use.path:
            # The first mention lies deeper than the block that holds all of them.
            use.first_is_store = False
            use.path = common
