"""Random programs that pass references around, and two judges of what they do: CPython, and an interpreter that
looks for references to storage that is gone.
"""

from __future__ import annotations

import linecache
import sys
import types
from random import Random
from typing import Any, TypeVar

from metal.compiler import ir
from metal.compiler.interpret import Frame, Interpreter
from metal.compiler.memory import Storage, View
from metal.compiler.types import ArrayType, StructType, is_storage

T = TypeVar("T")

HEAD = '''"""A random program over references."""
from __future__ import annotations
from collections.abc import Callable
from metal import Array, Ptr, U8, U32, View, array, struct, u8, u32


@struct
class Node:
    value: u32 = 0
    next: Ptr[Node] | None = None
    other: Ptr[Node] | None = None
    data: View[u8] = b""

    def link(self, to: Ptr[Node]) -> Ptr[Node]:
        self.other = to
        return self


@struct
class Pair:
    left: Node = Node()
    right: Node = Node()


def pick(a: Ptr[Node], b: Ptr[Node]) -> Ptr[Node]:
    return a if a.value < b.value else b


def maybe(a: Ptr[Node] | None) -> Ptr[Node] | None:
    return a


def push(a: Ptr[Node], b: Ptr[Node]) -> Ptr[Node]:
    a.next = b
    return b


def same(v: View[u8]) -> View[u8]:
    return v


def rest(v: View[u8]) -> View[u8]:
    return v[1:] if len(v) > 1 else v


def give(a: Ptr[Node], v: View[u8]) -> View[u8]:
    old = a.data
    a.data = v
    return old


trace: u32 = 1
memory: Array[u8] = array(4)
head: Ptr[Node] | None = None
first: Node = Node(3)
second: Node = Node(5)
pairs: Array[Pair] = array(2)
slots: Array[Ptr[Node] | None] = array(3)


def mark(n: u32) -> None:
    global trace
    trace = (trace * 31 + n) % 65521


def apply(f: Callable[[Ptr[Node], Ptr[Node]], Ptr[Node]], a: Ptr[Node], b: Ptr[Node]) -> Ptr[Node]:
    return f(a, b)
'''


class Writer:
    """Writes one program; every choice comes from `random`."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.lines: list[str] = []
        self.indent = 0
        self.function = 0
        self.names: list[str] = []
        self.arrays: list[str] = []
        self.buffers: list[str] = []
        self.scopes: list[int] = [0]
        """For each block around: how many buffers it made, which only it may name."""
        self.loops = 0
        self.count = 0
        self.private = random.random() < 0.6
        """Whether the program keeps what it makes to itself, so that mostly rounds of loops can go wrong."""

    def source(self) -> str:
        """The whole program; `test()` gives what it did as a number."""
        functions = self.random.randint(1, 4)
        for self.function in range(functions):
            self.write_function()
        self.lines += ["", "", "def test() -> u32:", f"    found = f{functions - 1}(first, second)"]
        self.lines += ["    mark(found.value)", "    mark(first.value)", "    mark(second.value)", "    return trace"]
        return HEAD + "\n".join(self.lines) + "\n"

    def add(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    def one(self, *choices: T) -> T:
        return self.random.choice(choices)

    def name(self) -> str:
        return self.random.choice(self.names)

    def write_function(self) -> None:
        self.lines += ["", "", f"def f{self.function}(a: Ptr[Node], b: Ptr[Node]) -> Ptr[Node]:"]
        self.indent = 1
        self.names = ["a", "b", "p", "q", "first"]
        self.add("global head")
        self.add(f"p: Ptr[Node] = {self.one('a', 'b', 'second')}")
        self.add(f"q = {self.one('a', 'first', 'pairs[0].left', 'pairs[1].right')}")
        for made in ("t", "u"):
            if self.private or self.random.random() < 0.7:
                self.add(f"{made} = Node({self.random.randint(0, 9)})")
                self.names.append(made)
        if self.random.random() < 0.3:
            self.add("whole = Pair()")
            self.names += ["whole.left", "whole.right"]
        self.add(f"v: View[u8] = {self.one('memory', 'a.data', 'memory[1:3]')}")
        self.buffers = ["memory"]
        if self.private or self.random.random() < 0.5:
            self.add("near: Array[u8] = array(4)")
            self.buffers.append("near")
        self.arrays = ["slots"]
        if self.private or self.random.random() < 0.3:
            self.add("places: Array[Ptr[Node] | None] = array(2)")
            self.arrays = ["places"] if self.private else ["slots", "places", "places"]
        for _ in range(self.random.randint(1, 7)):
            self.statement(2)
        self.add("mark(p.value)")
        self.look()
        self.add("return " + (self.one("a", "b", "first") if self.private else self.name()))

    def statement(self, depth: int) -> None:
        kinds = [self.rebind, self.link, self.follow, self.change, self.publish, self.call, self.make, self.slot]
        if self.random.random() < 0.15:
            kinds = [self.narrow]
        elif self.random.random() < 0.25:
            kinds = [self.view, self.buffer]
        if depth:
            kinds += [self.branch, self.loop, self.loop, self.rebind]
        self.random.choice(kinds)(depth)

    def rebind(self, depth: int) -> None:
        self.add(f"{self.one('p', 'q')} = {self.one('t', 'u') if self.private else self.name()}")

    def link(self, depth: int) -> None:
        value = self.name() if self.random.random() < 0.8 else "None"
        into = self.one("t", "u") if self.private else self.name()
        self.add(f"{into}.{self.one('next', 'other')} = {value}")

    def follow(self, depth: int) -> None:
        self.count += 1
        found = f"o{self.count}"
        element = f"{self.random.choice(self.arrays)}[{self.random.randint(0, 1)}]"
        source = self.one(f"{self.name()}.next", f"{self.name()}.other", "head", element)
        self.add(f"{found} = maybe({source})")
        self.add(f"if {found} is not None:")
        self.add(f"    {self.one('p', 'q')} = {found}")
        self.add(f"    mark({found}.value)")

    def look(self) -> None:
        self.add("if len(v) > 0:")
        self.add("    mark(U32(v[0]))")

    def view(self, depth: int) -> None:
        """Something with the view `v`, or with one that an object keeps."""
        into = self.one("t", "u") if self.private else self.name()
        self.add(
            self.one(
                f"v = {self.random.choice(self.buffers)}[1:3]",
                f"v = {self.random.choice(self.buffers)}",
                f"v = {self.name()}.data",
                f"v = {self.one('same', 'rest')}(v)",
                f"{into}.data = v",
                f"v = give({into}, v)",
            )
        )
        self.look()

    def buffer(self, depth: int) -> None:
        """A write to a buffer, or, in a loop, a buffer that is made anew in each round."""
        if self.loops and self.random.random() < 0.7:
            self.count += 1
            self.buffers.append(f"w{self.count}")
            self.add(f"w{self.count}: Array[u8] = array(3)")
            self.scopes[-1] += 1
        place = f"{self.buffers[-1]}[{self.random.randint(0, 2)}]"
        self.add(f"{place} = U8(trace % {self.random.randint(5, 250)})")

    def narrow(self, depth: int) -> None:
        """A test of a path for None, and a use that may or may not be behind a change of the path."""
        path = self.one(f"{self.name()}.{self.one('next', 'other')}", f"{self.name()}.next.other", "head", "p.next")
        root = path.removesuffix(".other") if path.endswith(".next.other") else ""
        guard = f"{root} is not None and " if root else ""
        between = [self.rebind, self.link, self.publish, self.call, self.slot]
        form = self.random.randint(0, 5)
        if form == 0:
            self.add(f"if {guard}{path} is not None:")
        elif form == 1:
            self.add(f"mark({path}.value if {guard}{path} is not None else 7)")
            return
        elif form == 2:
            self.add(f"if {guard}{path} is not None and {path}.value > {self.random.randint(0, 50)}:")
        elif form == 3:
            self.add(f"if {root or path} is None or {path} is None or {path}.value > 3:")
            self.add("    mark(1)")
            self.add("else:")
        elif form == 4 and self.loops:
            self.add(f"if {root or path} is None or {path} is None:")
            self.add(f"    {self.one('break', 'continue')}")
            self.add("if True:")
        else:
            self.add(f"while {guard}{path} is not None:")
        self.indent += 1
        for _ in range(self.one(0, 0, 0, 1, 1, 2)):
            self.random.choice(between)(0)
        self.add(f"mark({path}.value)")
        if self.lines[-2].lstrip().startswith("while") or form == 5 or (form == 4 and not self.loops):
            self.add("break")
        self.indent -= 1
        if form == 4 and self.loops and self.random.random() < 0.5:
            self.add(f"mark({path}.value)")

    def change(self, depth: int) -> None:
        name = self.name()
        self.add(f"{name}.value = ({self.name()}.value * 3 + {self.random.randint(0, 9)}) % 101")
        self.add(f"mark({self.name()}.value)")

    def publish(self, depth: int) -> None:
        self.add(f"head = {self.one('a', 'first', 'None') if self.private else self.name()}")

    def slot(self, depth: int) -> None:
        self.add(f"{self.random.choice(self.arrays)}[{self.random.randint(0, 1)}] = {self.name()}")

    def call(self, depth: int) -> None:
        arguments = f"{self.name()}, {self.name()}"
        known = ["pick", *(f"f{index}" for index in range(self.function))]
        known += [] if self.private else ["push"]
        kind = self.random.random()
        if self.private and kind < 0.3:
            call = f"{self.one('t', 'u')}.link({self.name()})"
        elif kind < 0.2:
            call = f"{self.name()}.link({self.name()})"
        elif kind < 0.35:
            call = f"apply({self.random.choice(known)}, {arguments})"
        else:
            call = f"{self.random.choice(known)}({arguments})"
        self.add(call if self.random.random() < 0.3 else f"{self.one('p', 'q')} = {call}")

    def make(self, depth: int) -> None:
        made = [name for name in self.names if name in ("t", "u")]
        if made:
            value = self.one("trace % 97", "trace % 89", str(self.random.randint(0, 9)))
            self.add(f"{self.random.choice(made)} = Node({value}, {self.one(self.name(), 'None', 'None')})")

    def branch(self, depth: int) -> None:
        condition = self.one(f"{self.name()}.value % 2 == 0", f"{self.name()} is {self.name()}")
        self.add(f"if {condition}:")
        self.inside(depth)
        if self.random.random() < 0.5:
            self.add("else:")
            self.inside(depth)

    def loop(self, depth: int) -> None:
        if self.loops == 2:
            return
        self.loops += 1
        self.count += 1
        self.add(f"for _ in range({self.random.randint(1, 3)}):")
        self.inside(depth, loop=True)
        self.loops -= 1

    def inside(self, depth: int, loop: bool = False) -> None:
        self.indent += 1
        self.scopes.append(0)
        if loop and self.random.random() < 0.6:
            self.make(depth)
            self.add(f"mark({self.one('p', 'q')}.value)")
        for _ in range(self.random.randint(1, 4)):
            self.statement(depth - 1)
        if loop and self.random.random() < 0.3:
            self.add(f"if {self.name()}.value > 4:")
            self.add(f"    {self.one('break', 'continue')}")
        self.add(f"mark({self.name()}.value)")
        self.indent -= 1
        for _ in range(self.scopes.pop()):
            self.buffers.pop()


def run_by_cpython(source: str) -> int:
    """What Python itself makes of the program."""
    module = types.ModuleType("random_program")
    sys.modules[module.__name__] = module
    # array(n) reads the type of its elements from the line it stands on.
    linecache.cache["random_program.py"] = (len(source), None, source.splitlines(keepends=True), "random_program.py")
    exec(compile(source, "random_program.py", "exec"), module.__dict__)
    return int(module.__dict__["test"]())


class Dangling(Exception):
    """A reference to storage of a function that has returned."""


class Watcher(Interpreter):
    """An interpreter that looks, at the end of each call, for references to the storage that goes with it."""

    def __init__(self, program: ir.Program) -> None:
        self.made: list[list[Storage]] = []
        super().__init__(program)

    def enter(self, function: ir.Function, arguments: list[Any]) -> Frame:
        """Remember what the call makes."""
        frame = super().enter(function, arguments)
        self.made[-1] += [value for local, value in frame.items() if not local.is_parameter and is_storage(local.type)]
        return frame

    def run(self, function: ir.Function, arguments: list[Any]) -> Any:
        """One call, and a look at what is left of it."""
        self.made.append([])
        result = super().run(function, arguments)
        parts = [part for storage in self.made.pop() for part in inline_parts(storage)]
        gone = {id(part) for part in parts} | {id(part.parts) for part in parts}
        look_for(gone, [result, arguments, list(self.globals.values())])
        return result


def inline_parts(storage: Storage) -> list[Storage]:
    """A storage and all storage inside of it."""
    found = [storage]
    if isinstance(storage.type, StructType):
        inner = [storage.parts[name] for name, field in storage.type.fields.items() if is_storage(field.type)]
    elif isinstance(storage.type, ArrayType) and is_storage(storage.type.element):
        inner = list(storage.parts)
    else:
        inner = []
    for part in inner:
        found += inline_parts(part)
    return found


def look_for(gone: set[int], roots: list[Any]) -> None:
    """Follow every reference that is left; none may lead to what is gone."""
    seen: set[int] = set()
    pending = list(roots)
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending += item
        elif isinstance(item, View):
            if id(item.parts) in gone:
                raise Dangling("a view")
            pending.append(item.parts)
        elif isinstance(item, Storage) and id(item) not in seen:
            if id(item) in gone:
                raise Dangling(str(item.type))
            seen.add(id(item))
            parts: Any = item.parts
            pending += parts if isinstance(parts, list) else parts.values()
