"""Random programs within what CPython and typed Python must agree on: small numbers, every kind of statement."""

from __future__ import annotations

import random

START = """
from __future__ import annotations
from enum import Enum, IntEnum
from typing import TypeVar
from metal import Array, Ptr, appender, array, struct, u8, u64, U64

T = TypeVar("T")

class Failure(Enum):
    FULL = 1
    GONE = 2

class State(IntEnum):
    READY = 0
    RUNNING = 1
    DONE = 2

@struct
class Node:
    n: u64 = 1
    next: Ptr[Node] | None = None

@struct
class Guard:
    depth: u64 = 0

    def __enter__(self) -> None:
        self.depth += 1
        out(self.depth)

    def __exit__(self, *reason: object) -> None:
        self.depth -= 1
        out(self.depth + 50)

@struct
class Box:
    n: u64 = 2
    m: u64 = 3

    def sum(self) -> u64:
        return out(self.n * 3 + self.m)

    def add(self, by: u64) -> u64:
        self.n = (self.n + by) % 100
        return out(self.n)

@struct
class Line:
    used: u64 = 0
    data: Array[u8] = array(40)

    @appender
    def add(self, text: str) -> Failure | None:
        for byte in text.encode():
            if self.used == len(self.data):
                return Failure.FULL
            self.data[self.used] = byte
            self.used += 1
        return None

log: u64 = 0
line: Line = Line()
boxes: Array[Box] = array(4)
guard: Guard = Guard()
nodes: Array[Node] = array(4)
cells: Array[u64] = array(8)

def out(x: u64) -> u64:
    global log
    log = (log * 31 + x + 7) % 1000003
    return x

def pick(x: u64, y: u64) -> u64:
    return (x * 3 + y) % 1000

def pair(x: u64, y: u64) -> tuple[u64, u64]:
    return out(y % 100), x % 100

def same(x: T) -> T:
    return x

def find(x: u64) -> u64 | Failure:
    out(x)
    if x % 5 == 3:
        return Failure.FULL
    if x % 7 == 4:
        return Failure.GONE
    return x % 17

def maybe(x: u64) -> u64 | None:
    out(x)
    return x % 13 if x % 3 != 0 else None

def node(x: u64) -> Ptr[Node] | None:
    out(x)
    return nodes[x % 4] if x % 3 != 1 else None

def state(x: u64) -> State:
    return State(x % 3)

def run() -> u64:
    a: u64 = 5
    b: u64 = 7
    c: u64 = 11
    nodes[0].next = nodes[2]
    nodes[2].next = nodes[3]
"""
END = """
    total = log + a * 3 + b * 5 + c * 7 + guard.depth * 1000
    for x in cells:
        total = total * 3 % 100003 + x
    for n in nodes:
        total = total * 3 % 100003 + n.n
    for box in boxes:
        total = total * 3 % 100003 + box.n
    for byte in line.data[:line.used]:
        total = total * 3 % 100003 + U64(byte)
    return total
"""


class RandomProgram:
    """One program for a seed; `text` is its source, whose `run()` gives a number that sums up all that happened."""

    def __init__(self, seed: int) -> None:
        self.choice = random.Random(seed)
        self.made = 0
        body = self.block(1, 8, in_loop=False)
        self.text = START + "\n".join(body) + END

    def one_of(self, *roads: str) -> str:
        """One of these texts."""
        return self.choice.choice(roads)

    def number(self, depth: int = 2) -> str:
        """An expression of type u64."""
        if depth == 0 or self.choice.random() < 0.3:
            return self.one_of("a", "b", "c", "1", "5", "log % 9", "cells[1]", "nodes[2].n", "guard.depth")
        left, right = self.number(depth - 1), self.number(depth - 1)
        return self.one_of(
            f"({left} + {right})",
            f"({left} ^ {right})",
            f"out({left} % 100)",
            f"cells[{left} % 8]",
            f"(a if {self.truth(depth - 1)} else {right})",
            f"min({left}, {right}, 40)",
            f"max(out({left} % 90), {right})",
            f"pick(y={left}, x={right})",
            f"Box({left} % 100, m={right} % 100).sum()",
            f"boxes[{left} % 4].add({right} % 50)",
            f"same({left} + b)",
        )

    def truth(self, depth: int = 2) -> str:
        """An expression of type bool."""
        deeper = min(depth, 1)
        left, right = self.number(deeper), self.number(deeper)
        sign = self.one_of("<", "<=", "==", "!=", ">", ">=")
        plain = f"b + {left} {sign} {right}"
        if depth == 0 or self.choice.random() < 0.5:
            return plain
        return self.one_of(
            f"({plain} and {self.truth(depth - 1)})",
            f"({plain} or {self.truth(depth - 1)})",
            f"not {plain}",
            f"maybe({left} % 50) is None",
            f"find({left} % 50) is Failure.FULL",
            f"a + {left} < {right} + c <= {self.number(0)} + a",
        )

    def block(self, indent: int, most: int, in_loop: bool) -> list[str]:
        """One to `most` statements."""
        lines: list[str] = []
        for _ in range(self.choice.randint(1, most)):
            lines += self.statement(indent, in_loop)
        return lines

    def statement(self, indent: int, in_loop: bool) -> list[str]:
        """One statement, at most five levels deep."""
        simple = [self.assignment, self.effect]
        compound = [
            self.branch, self.counting, self.repeating, self.slice_walk, self.guarded, self.result, self.option,
            self.list_walk, self.numbers_matched, self.result_matched, self.members_matched, self.leaving,
        ]  # fmt: skip
        self.made += 1
        kinds = simple if indent > 4 or self.choice.random() < 0.3 else compound
        rows = self.choice.choice(kinds)(indent, in_loop)
        return ["    " * indent + row if not row.startswith(" " * 4 * (indent + 1)) else row for row in rows]

    def assignment(self, indent: int, in_loop: bool) -> list[str]:
        name = self.one_of("a", "b", "c")
        return [
            self.one_of(
                f"{name} = {self.number()} % 1000",
                f"{name} += {self.number()} % 50",
                f"cells[{self.number(1)} % 8] = {self.number()} % 1000",
                f"cells[{self.number(1)} % 8] += {self.number()} % 7",
                f"a, b = b, {self.number()} % 1000",
                f"a, cells[{self.number(1)} % 8] = pair({self.number(1)}, {self.number(1)})",
                f"b = cells[{self.number(1)} % 8] = {self.number()} % 1000",
            )
        ]

    def effect(self, indent: int, in_loop: bool) -> list[str]:
        name = f"box{self.made}"
        return self.choice.choice(
            [
                [f"out({self.number()} % 1000)"],
                [f"{name} = boxes[{self.number(1)} % 4]", f"{name}.n = {self.number()} % 100",
                 f"out({name}.sum() % 90)"],
                [f"full{self.made} = line.add(f\"{{a % 100}}-{{{self.number(1)} % 999:x}}\")",
                 f"out(5 if full{self.made} is None else 6)"],
            ]
        )  # fmt: skip

    def branch(self, indent: int, in_loop: bool) -> list[str]:
        rows = [f"if {self.truth()}:", *self.block(indent + 1, 3, in_loop)]
        if self.choice.random() < 0.3:
            rows += [f"elif {self.truth()}:", *self.block(indent + 1, 2, in_loop)]
        if self.choice.random() < 0.5:
            rows += ["else:", *self.block(indent + 1, 2, in_loop)]
        return rows

    def counting(self, indent: int, in_loop: bool) -> list[str]:
        name, low, high = f"i{self.made}", self.choice.randint(0, 3), self.choice.randint(1, 6)
        inner = self.inside(indent, f"out({name})")
        return [f"for {name} in range({low}, {high}):", *self.block(indent + 1, 3, True), *inner]

    def repeating(self, indent: int, in_loop: bool) -> list[str]:
        name, most = f"w{self.made}", self.choice.randint(1, 5)
        head = [f"{name}: u64 = 0", f"while {name} < {most} and {self.truth(1)}:", *self.inside(indent, f"{name} += 1")]
        return [*head, *self.block(indent + 1, 3, True)]

    def slice_walk(self, indent: int, in_loop: bool) -> list[str]:
        name, low, high = f"v{self.made}", self.choice.randint(0, 2), self.choice.randint(3, 8)
        head = [f"for {name} in cells[{low}:{high}]:", *self.inside(indent, f"out({name} % 99)")]
        return [*head, *self.block(indent + 1, 2, True)]

    def guarded(self, indent: int, in_loop: bool) -> list[str]:
        return ["with guard:", *self.block(indent + 1, 3, in_loop)]

    def result(self, indent: int, in_loop: bool) -> list[str]:
        name = f"r{self.made}"
        head = [f"{name} = find({self.number(1)} % 60)", f"if isinstance({name}, Failure):"]
        inner = self.block(indent + 1, 2, in_loop) + self.inside(indent, f"out(77 if {name} is Failure.FULL else 78)")
        return [*head, *inner, "else:", *self.inside(indent, f"out({name} + 1)")]

    def option(self, indent: int, in_loop: bool) -> list[str]:
        name = f"m{self.made}"
        head = [f"{name} = maybe({self.number(1)} % 60)", f"if {name} is not None and {name} > 3:"]
        return [*head, *self.inside(indent, f"out({name})"), *self.block(indent + 1, 2, in_loop)]

    def list_walk(self, indent: int, in_loop: bool) -> list[str]:
        name = f"n{self.made}"
        head = [f"{name} = node({self.number(1)} % 60)", f"while {name} is not None:"]
        rows = [f"{name}.n = ({name}.n + {self.number(1)}) % 100", f"out({name}.n)"]
        return [*head, *self.inside(indent, *rows, f"{name} = {name}.next if {self.truth(1)} else None")]

    def numbers_matched(self, indent: int, in_loop: bool) -> list[str]:
        rows = [f"match (a + {self.number(1)}) % 6:"]
        for number in self.choice.sample(range(6), self.choice.randint(1, 3)):
            guard = f" if {self.truth(1)}" if self.choice.random() < 0.3 else ""
            rows += [*self.inside(indent, f"case {number}{guard}:"), *self.block(indent + 2, 2, in_loop)]
        name = f"x{self.made}"
        guard = f" if {name} > 3" if self.choice.random() < 0.3 else ""
        return [*rows, *self.inside(indent, f"case {name}{guard}:", f"    out({name} + 3)")]

    def result_matched(self, indent: int, in_loop: bool) -> list[str]:
        name = f"y{self.made}"
        rows = [f"match find({self.number(1)} % 60):", *self.inside(indent, "case Failure.FULL:")]
        rows += [*self.block(indent + 2, 2, in_loop), *self.inside(indent, "case Failure():")]
        return [*rows, *self.block(indent + 2, 2, in_loop), *self.inside(indent, f"case {name}:", f"    out({name})")]

    def members_matched(self, indent: int, in_loop: bool) -> list[str]:
        rows = [f"match state({self.number(1)}):", *self.inside(indent, "case State.READY:")]
        rows += [*self.block(indent + 2, 2, in_loop), *self.inside(indent, "case State.RUNNING | State.DONE:")]
        return [*rows, *self.block(indent + 2, 2, in_loop)]

    def leaving(self, indent: int, in_loop: bool) -> list[str]:
        way = self.one_of("break", "continue") if in_loop else f"return out({self.number(1)} % 1000)"
        return [f"if {self.truth(1)}:", *self.inside(indent, way)]

    def inside(self, indent: int, *rows: str) -> list[str]:
        """Rows one level deeper than the statement they belong to."""
        return ["    " * (indent + 1) + row for row in rows]
