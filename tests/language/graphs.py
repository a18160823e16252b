"""A Hypothesis strategy of programs that link, alias, keep and remake structs: many are refused, others must be safe.

CPython runs them too: an object that is still referred to lives on there, so a program that is accepted though a
reference outlives its stack prints something else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

HEAD = '''"""A program nobody wrote."""
from __future__ import annotations

from metal import Array, Ptr, Slice, array, assign, struct, u32


@struct
class Leaf:
    n: u32 = 1


@struct
class Node:
    value: u32 = 0
    leaf: Leaf = Leaf()
    next: Ptr[Node] | None = None
    cells: Array[u32] = array(2)


@struct
class Window:
    cells: Slice[u32]
    node: Ptr[Node] | None = None


nodes: Array[Node] = array(3)
memory: Array[u32] = array(4)
root: Node = Node(5)
window: Window = Window(memory)
kept: Ptr[Node] | None = None


def show(n: Ptr[Node] | None) -> None:
    node = n
    for _ in range(4):
        if node is None:
            break
        print(f"{node.value} {node.leaf.n} {node.cells[0]} {node.cells[1]}")
        node = node.next


def show_all() -> None:
    show(root)
    show(nodes[0])
    show(nodes[2])
    show(kept)
    show(window.node)
    for x in window.cells:
        print(f"{x}")
'''
CASES = 2
CASE = """

def case_{number}() -> None:
    nodes[0].next = None
    {call}
    show_all()
    spoil(9)
    show_all()


"""
SPOIL = """

def spoil(n: u32) -> u32:
    a = Node(n, Leaf(n))
    b = Node(n + 1)
    cells: Array[u32] = array(8)
    for i in range(8):
        cells[i] = n + 70
    a.cells.copy_from(cells[0:2])
    b.next = a
    return spoil(n - 1) + cells[3] if n > 0 else 0
"""


class Author:
    """Writes one program, each choice drawn from Hypothesis."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.count = 0

    def pick(self, options: list[str]) -> str:
        chosen: str = self.draw(st.sampled_from(options))
        return chosen

    def number(self, limit: int) -> int:
        drawn: int = self.draw(st.integers(0, limit))
        return drawn

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def statement(self, nodes: list[str], slices: list[str], indent: str, depth: int, earlier: list[str]) -> None:
        """One statement; `nodes` and `slices` are the names that can be used here, and new ones are added to them."""
        a, b, s = self.pick(nodes), self.pick(nodes), self.pick(slices)
        form = self.draw(st.sampled_from([*range(23), 2, 2, 3, 3, 6, 7, 16, 16, 17, 17, 18, 21, 21, 21]))
        add = self.lines.append
        if form <= 1:
            add(f"{indent}{a}.value = ({a}.value * 3 + {self.number(9)}) % 1000")
        elif form == 2:
            add(f"{indent}{a}.next = {self.pick([b, b, 'None'])}")
        elif form == 3:
            new = self.name("t")
            add(f"{indent}{new} = Node({self.number(50)})")
            nodes.append(new)
        elif form == 4:
            new = self.name("x")
            add(f"{indent}{new} = {a}")
            nodes.append(new)
        elif form == 5:
            add(f"{indent}kept = {a}")
        elif form == 6:
            new = self.name("o")
            add(f"{indent}{new} = {self.pick([f'{a}.next', 'kept', 'window.node'])}")
            add(f"{indent}if {new} is not None:")
            self.block([*nodes, new], [*slices], indent + "    ", depth - 1, earlier)
        elif form == 7 and depth > 0:
            add(f"{indent}for _ in range({1 + self.number(3)}):")
            self.block([*nodes], [*slices], indent + "    ", depth - 1, earlier)
        elif form == 8:
            new = self.name("r")
            add(f"{indent}{new}: Array[u32] = array({2 + self.number(2)})")
            slices.append(new)
        elif form == 9:
            new = self.name("s")
            add(f"{indent}{new}: Slice[u32] = {self.pick([f'{s}[1:]', f'{s}[:1]', f'{a}.cells', s])}")
            slices.append(new)
        elif form == 10:
            add(f"{indent}window.cells = {s}")
        elif form == 11:
            add(f"{indent}if len({s}) > 0:")
            add(f"{indent}    {s}[0] = ({s}[0] + {a}.leaf.n) % 1000")
        elif form == 12:
            add(f"{indent}assign({a}, {b})")
        elif form == 13:
            add(f"{indent}assign({a}.leaf, {self.pick([f'{b}.leaf', f'Leaf({self.number(9)})'])})")
        elif form == 14:
            new = self.name("l")
            add(f"{indent}{new} = {a}.leaf")
            add(f"{indent}{new}.n = ({b}.leaf.n + 1) % 100")
        elif form == 15:
            add(f"{indent}window.node = {a}")
        elif form == 16 and earlier:
            add(f"{indent}{self.pick(earlier)}({a}, {b}, {s})")
        elif form == 17 and earlier:
            new = self.name("y")
            add(f"{indent}{new} = {self.pick(earlier)}({a}, {b}, {s})")
            nodes.append(new)
        elif form == 18:
            add(f"{indent}{self.pick([n for n in nodes if n not in ('root', 'nodes[1]')] or ['p'])} = {b}")
        elif form == 19:
            new = self.name("w")
            add(f"{indent}{new} = Window({s}, {self.pick([a, 'None'])})")
            add(f"{indent}assign(window, {new})")
        elif form == 21 and depth > 0:
            before, made = self.name("x"), self.name("t")
            add(f"{indent}{before} = {a}")
            add(f"{indent}for _ in range({2 + self.number(2)}):")
            add(f"{indent}    {made} = Node({self.number(50)})")
            self.block([*nodes, before, made, made], [*slices], indent + "    ", depth - 1, earlier)
            for kept in self.pick(["chain", "last", "link", "sum"]), self.pick(["none", "last", "link"]):
                if kept == "chain":
                    add(f"{indent}    {made}.next = {before}")
                if kept in ("chain", "last"):
                    add(f"{indent}    {before} = {made}")
                if kept == "link":
                    add(f"{indent}    {before}.next = {made}")
                if kept == "sum":
                    add(f"{indent}    {made}.value += {before}.value % 50")
            add(f"{indent}show({before})")
            nodes.append(before)
        elif form == 20 and depth > 0:
            add(f"{indent}if {a}.value % 2 == {self.number(1)}:")
            self.block([*nodes], [*slices], indent + "    ", depth - 1, earlier)
        else:
            add(f"{indent}{a}.cells[{self.number(1)}] = {b}.value % 100 + {self.number(9)}")

    def block(self, nodes: list[str], slices: list[str], indent: str, depth: int, earlier: list[str]) -> None:
        for _ in range(1 + self.number(4)):
            self.statement(nodes, slices, indent, max(depth, 0), earlier)

    def program(self) -> str:
        self.lines.append(HEAD)
        earlier: list[str] = []
        for number in range(1 + self.number(2)):
            self.lines += [
                "",
                "",
                f"def f{number}(p: Ptr[Node], q: Ptr[Node], s: Slice[u32]) -> Ptr[Node]:",
                "    global kept",
            ]
            names = ["p", "q", "p", "q", "root", "nodes[1]"]
            self.block(names, ["s", "s", "memory"], "    ", 2, earlier)
            self.block(names, ["s", "memory"], "    ", 2, earlier)
            self.lines.append(f"    return {self.pick([name for name in names if name[0] in 'pqrx'])}")
            earlier.append(f"f{number}")
        self.lines.append(SPOIL)
        for number in range(CASES):
            first, second = f"nodes[{self.number(2)}]", self.pick(["root", "nodes[2]"])
            call = f"{self.pick(earlier)}({first}, {second}, memory[{self.number(2)}:])"
            self.lines.append(CASE.format(number=number, call=call))
        return "\n".join(self.lines)


@st.composite
def graphs(draw: Draw) -> str:
    """The source of one program, with functions `case_0`, `case_1`, ... that print all that can be reached."""
    return Author(draw).program()
