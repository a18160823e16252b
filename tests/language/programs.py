"""A Hypothesis strategy of random programs: every one is accepted, ends, and prints a number or traps, in each case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

V = TypeVar("V")
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Kind:
    """An integer type of the language."""

    name: str

    @property
    def bits(self) -> int:
        return int(self.name[1:])

    @property
    def wraps(self) -> bool:
        return self.name[0] == "w"

    @property
    def low(self) -> int:
        return -(1 << (self.bits - 1)) if self.name[0] == "i" else 0

    @property
    def high(self) -> int:
        return (1 << (self.bits - 1)) - 1 if self.name[0] == "i" else (1 << self.bits) - 1


KINDS = [Kind(f"{letter}{bits}") for letter in "uiw" for bits in (8, 16, 32, 64)]
MAYBE, CHANGED = Kind("u16"), Kind("w32")
COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]
CASES = 3


@dataclass
class Scope:
    """What expressions may name here."""

    values: dict[str, Kind]
    """Names and fields that can be read."""
    targets: dict[str, Kind]
    """Those that can be assigned as well."""
    arrays: dict[str, tuple[Kind, int]]
    functions: list[tuple[str, list[Kind], Kind]] = field(default_factory=list[tuple[str, list[Kind], Kind]])
    structs: list[str] = field(default_factory=lambda: ["pair"])
    truths: list[str] = field(default_factory=list[str])
    """Bool variables."""
    counters: int = 0

    def name(self, letter: str) -> str:
        """A new name."""
        self.counters += 1
        return f"{letter}{self.counters}"


class Author:
    """Writes one program, each choice drawn from Hypothesis."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.lines: list[str] = []

    def pick(self, options: list[V]) -> V:
        chosen: V = self.draw(st.sampled_from(options))
        return chosen

    def chance(self, of: int) -> bool:
        return bool(self.draw(st.integers(0, of - 1)) == 0)

    def literal(self, kind: Kind) -> str:
        edges = [0, 1, 2, 3, 7, 10, 100, kind.high, kind.high - 1, kind.low, -1, -2, kind.high // 2]
        return str(self.pick([value for value in edges if kind.low <= value <= kind.high]))

    # ---- expressions ----

    def leaf(self, scope: Scope, kind: Kind) -> str:
        """A name of this type, or another converted to it; never a bare literal, which would have no width."""
        fitting = [name for name, of in scope.values.items() if of == kind]
        if fitting and not self.chance(5):
            return self.pick(fitting)
        if scope.arrays and self.chance(3):
            same = [name for name, (of, _) in scope.arrays.items() if of == kind]
            if same:
                return self.element(scope, self.pick(same), 0)
        name = self.pick(list(scope.values))
        return f"{kind.name.upper()}.wrap({name})"

    def element(self, scope: Scope, array: str, depth: int) -> str:
        length = scope.arrays[array][1]
        if self.chance(3):
            return f"{array}[{self.draw(st.integers(0, length - 1))}]"
        index = self.value(scope, self.pick(KINDS), depth - 1)
        return f"{array}[{index}]" if self.chance(8) else f"{array}[({index}) % {length}]"

    def value(self, scope: Scope, kind: Kind, depth: int) -> str:
        """An expression of this type."""
        if depth <= 0:
            return self.leaf(scope, kind)
        form = self.draw(st.integers(0, 11))
        left = self.value(scope, kind, depth - 1)
        if form <= 3:
            operator = self.pick(["+", "-", "*", "&", "|", "^"] if form else ["+", "-"])
            right = self.literal(kind) if self.chance(3) else self.value(scope, kind, depth - 1)
            return f"({left} {operator} {right})"
        if form == 4:
            operator = self.pick(["//", "%"])
            if self.chance(2):
                right = self.pick([text for text in ("1", "2", "3", "7", "100", "-1", "-3") if kind.low <= int(text)])
            else:
                right = self.value(scope, kind, depth - 1)
            return f"({left} {operator} {right})"
        if form == 5:
            operator = self.pick(["<<", ">>"])
            if self.chance(2):
                return f"({left} {operator} {self.draw(st.integers(0, kind.bits - 1))})"
            count = self.value(scope, self.pick(KINDS), depth - 1)
            return f"({left} {operator} {count})" if self.chance(6) else f"({left} {operator} ({count}) % {kind.bits})"
        if form == 6:
            return f"({self.pick(['-', '~'])}{left})"
        if form == 7:
            other = self.value(scope, self.pick(KINDS), depth - 1)
            convert = kind.name.upper() if self.chance(3) else f"{kind.name.upper()}.wrap"
            return f"{convert}({other})"
        if form == 8:
            other = self.value(scope, kind, depth - 1)
            return f"({left} if {self.condition(scope, depth - 1)} else {other})"
        if form == 9 and scope.functions:
            fitting = [function for function in scope.functions if function[2] == kind]
            name, parameters, result = self.pick(fitting or scope.functions)
            call = f"{name}({', '.join(self.value(scope, of, depth - 2) for of in parameters)})"
            return call if result == kind else f"{kind.name.upper()}.wrap({call})"
        if form == 10 and kind.wraps:
            return f"{self.pick(['rotl', 'rotr'])}({left}, {self.draw(st.integers(0, kind.bits - 1))})"
        fitting_arrays = [name for name, (of, _) in scope.arrays.items() if of == kind]
        return self.element(scope, self.pick(fitting_arrays), depth) if fitting_arrays else left

    def condition(self, scope: Scope, depth: int) -> str:
        """An expression of type bool."""
        if depth > 0 and self.chance(3):
            operator = self.pick(["and", "or"])
            negation = "not " if self.chance(3) else ""
            return f"({negation}{self.condition(scope, depth - 1)} {operator} {self.condition(scope, depth - 1)})"
        if scope.truths and self.chance(4):
            return self.pick(scope.truths)
        kind = self.pick(KINDS)
        first, second = self.value(scope, kind, depth), self.value(scope, kind, depth - 1)
        if self.chance(6):
            return f"({first} {self.pick(COMPARISONS)} {second} {self.pick(COMPARISONS)} {self.leaf(scope, kind)})"
        right = self.literal(kind) if self.chance(3) else second
        return f"({first} {self.pick(COMPARISONS)} {right})"

    # ---- statements ----

    def statement(self, scope: Scope, depth: int, indent: str, loop: bool) -> None:
        form = self.draw(st.integers(0, 14))
        if form <= 3 or depth == 0:
            name = self.pick(list(scope.targets))
            kind = scope.targets[name]
            if self.chance(3):
                self.lines.append(
                    f"{indent}{name} {self.pick(['+', '-', '*', '&', '|', '^'])}= {self.value(scope, kind, 1)}"
                )
            else:
                self.lines.append(f"{indent}{name} = {self.value(scope, kind, 2)}")
        elif form == 4 and scope.arrays:
            array = self.pick(list(scope.arrays))
            kind = scope.arrays[array][0]
            place = self.element(scope, array, 1)
            self.lines.append(f"{indent}{place} {self.pick(['', '+', '^', '-'])}= {self.value(scope, kind, 2)}")
        elif form == 5:
            self.lines.append(f"{indent}if {self.condition(scope, 2)}:")
            self.block(scope, depth - 1, indent + "    ", loop)
            if self.chance(2):
                self.lines.append(f"{indent}else:")
                self.block(scope, depth - 1, indent + "    ", loop)
        elif form == 6:
            self.counted_loop(scope, depth, indent)
        elif form == 7:
            self.conditional_loop(scope, depth, indent)
        elif form == 9:
            self.choice(scope, depth, indent, loop)
        elif form == 10:
            self.optional(scope, depth, indent, loop)
        elif form == 11:
            self.slice(scope, indent)
        elif form == 12 and scope.truths:
            self.lines.append(f"{indent}{self.pick(scope.truths)} = {self.condition(scope, 2)}")
        elif form == 13:
            name = self.pick(list(scope.targets))
            self.lines.append(
                f"{indent}{name} = change({self.pick(scope.structs)}, {self.leaf(scope, CHANGED)})"
                if scope.targets[name] == CHANGED
                else f"{indent}change({self.pick(scope.structs)}, 3)"
            )
        elif form == 8 and loop:
            self.lines.append(f"{indent}if {self.condition(scope, 1)}:")
            self.lines.append(f"{indent}    {self.pick(['break', 'continue'])}")
        else:
            name = self.pick(list(scope.targets))
            other = self.pick(list(scope.targets))
            left, right = self.value(scope, scope.targets[name], 1), self.value(scope, scope.targets[other], 1)
            self.lines.append(f"{indent}{name}, {other} = {left}, {right}")

    def choice(self, scope: Scope, depth: int, indent: str, loop: bool) -> None:
        """A `match` on a number."""
        self.lines.append(f"{indent}match {self.value(scope, self.pick(KINDS), 1)} % 5:")
        for cases in self.pick([["0", "1 | 2"], ["3"], ["4 | 0", "2", "1"]]):
            self.lines.append(f"{indent}    case {cases}:")
            self.block(scope, depth - 1, indent + "        ", loop)
        self.lines.append(f"{indent}    case _:")
        self.block(scope, depth - 1, indent + "        ", loop)

    def optional(self, scope: Scope, depth: int, indent: str, loop: bool) -> None:
        """A number that may be missing, tested before it is used."""
        name = scope.name("o")
        self.lines.append(f"{indent}{name} = maybe({self.leaf(scope, MAYBE)})")
        self.lines.append(f"{indent}if {name} is {self.pick(['', 'not '])}None:")
        none_first = not self.lines[-1].endswith("not None:")
        inner = Scope({**scope.values, name: MAYBE}, scope.targets, scope.arrays, scope.functions, scope.structs,
                      scope.truths, scope.counters)  # fmt: skip
        first, second = (scope, inner) if none_first else (inner, scope)
        self.block(first, depth - 1, indent + "    ", loop)
        # A variable is declared once, so the other branch takes other names.
        second.counters = first.counters
        if self.chance(2):
            self.lines.append(f"{indent}else:")
            self.block(second, depth - 1, indent + "    ", loop)
        scope.counters = second.counters

    def slice(self, scope: Scope, indent: str) -> None:
        """A part of an array, given to a function that changes it."""
        array = self.pick(list(scope.arrays))
        length = scope.arrays[array][1]
        low = self.draw(st.integers(0, length))
        high = self.draw(st.integers(low, length)) if not self.chance(8) else self.draw(st.integers(0, length + 1))
        if self.chance(4):
            start = length - high if high <= length else 0
            self.lines.append(f"{indent}{array}[{low}:{high}].copy_from({array}[{start}:{length - low}])")
        else:
            self.lines.append(
                f"{indent}stir_{array}({array}[{low}:{high}], {self.leaf(scope, scope.arrays[array][0])})"
            )

    def counted_loop(self, scope: Scope, depth: int, indent: str) -> None:
        kind = self.pick(KINDS)
        variable = scope.name("i")
        if self.chance(2):
            start = self.draw(st.integers(max(kind.low, -3), 2))
            step = self.pick([1, 1, 2, 3] + ([-1, -2] if kind.low < 0 else []))
            stop = start + step * self.draw(st.integers(0, 4))
            bounds = f"{kind.name.upper()}({start}), {stop}, {step}"
        else:
            bounds = f"{self.leaf(scope, kind)} % 5"
        self.lines.append(f"{indent}for {variable} in range({bounds}):")
        inner = Scope({**scope.values, variable: kind}, scope.targets, scope.arrays, scope.functions, scope.structs,
                      scope.truths, scope.counters)  # fmt: skip
        self.block(inner, depth - 1, indent + "    ", loop=True)
        scope.counters = inner.counters

    def conditional_loop(self, scope: Scope, depth: int, indent: str) -> None:
        counter = scope.name("n")
        self.lines.append(f"{indent}{counter}: u8 = {self.draw(st.integers(1, 5))}")
        self.lines.append(f"{indent}while {counter} > 0 and {self.condition(scope, 1)}:")
        self.lines.append(f"{indent}    {counter} -= 1")
        self.block(scope, depth - 1, indent + "    ", loop=True)

    def block(self, scope: Scope, depth: int, indent: str, loop: bool) -> None:
        for _ in range(self.draw(st.integers(1, 3))):
            self.statement(scope, depth, indent, loop)

    # ---- the program ----

    def program(self) -> str:
        fields = {name: self.pick(KINDS) for name in ("a", "b")}
        values = {name: self.pick(KINDS) for name in ("x", "y", "z")}
        arrays = {name: (self.pick(KINDS), self.draw(st.integers(1, 5))) for name in ("p", "q")}
        names = sorted({kind.name for kind in KINDS} | {kind.name.upper() for kind in KINDS})
        self.lines += [
            '"""A program nobody wrote."""',
            f"from metal import Array, Slice, array, rotl, rotr, struct, {', '.join(names)}",
            "",
        ]
        self.lines += ["", "@struct", "class Pair:"]
        self.lines += [f"    {name}: {kind.name} = {self.literal(kind)}" for name, kind in fields.items()]
        self.lines += ["", "", "pair: Pair = Pair()"]
        self.lines += [f"{name}: {kind.name} = {self.literal(kind)}" for name, kind in values.items()]
        self.lines += [f"{name}: Array[{kind.name}] = array({length})" for name, (kind, length) in arrays.items()]
        self.helpers(fields, arrays)
        outside = values | {f"pair.{name}": kind for name, kind in fields.items()}
        functions: list[tuple[str, list[Kind], Kind]] = []
        for number in range(self.draw(st.integers(1, 3))):
            functions.append(self.function(f"f{number}", outside, arrays, functions))
        for number in range(CASES):
            name, parameters, _ = self.pick(functions)
            arguments = ", ".join(self.literal(kind) for kind in parameters)
            self.lines += ["", "", f"def case_{number}() -> None:", f"    r = {name}({arguments})"]
            shown = [
                *outside,
                *(f"{array}[{index}]" for array, (_, length) in arrays.items() for index in range(length)),
            ]
            self.lines.append('    print(f"{r} ' + " ".join(f"{{{value}}}" for value in shown) + '")')
        return "\n".join(self.lines) + "\n"

    def helpers(self, fields: dict[str, Kind], arrays: dict[str, tuple[Kind, int]]) -> None:
        """Functions that every program has: one may give nothing, one changes a struct, two change slices."""
        maybe, changed = MAYBE.name, CHANGED.name
        self.lines += [
            "",
            "",
            f"def maybe(n: {maybe}) -> {maybe} | None:",
            f"    return None if n % 3 == 0 else n // {self.pick([1, 2, 7])}",
        ]
        first, second = fields.values()
        self.lines += [
            "",
            "",
            f"def change(one: Pair, n: {changed}) -> {changed}:",
            "    before = one.a",
            "    one.a = " + first.name.upper() + ".wrap(one.b)",
        ]
        self.lines += [f"    one.b ^= {second.name.upper()}.wrap(n)", f"    return {changed.upper()}.wrap(before) + n"]
        for array, (kind, _) in arrays.items():
            self.lines += [
                "",
                "",
                f"def stir_{array}(s: Slice[{kind.name}], n: {kind.name}) -> None:",
                "    for i in range(len(s)):",
            ]
            self.lines += [
                f"        s[i] {self.pick(['^', '|', '+', '-'])}= n",
                "    for e in s:",
                "        if e == n:",
                "            s[len(s) - 1] = e // 2",
            ]

    def function(
        self,
        name: str,
        outside: dict[str, Kind],
        arrays: dict[str, tuple[Kind, int]],
        functions: list[tuple[str, list[Kind], Kind]],
    ) -> tuple[str, list[Kind], Kind]:
        parameters = {f"v{number}": self.pick(KINDS) for number in range(self.draw(st.integers(1, 3)))}
        result = self.pick(KINDS)
        declared = ", ".join(f"{name}: {kind.name}" for name, kind in parameters.items())
        self.lines += ["", "", f"def {name}({declared}) -> {result.name}:", "    global x, y, z"]
        everything = outside | parameters
        scope = Scope(dict(everything), dict(everything), arrays, list(functions))
        if self.chance(2):
            self.lines.append(f"    own = Pair({self.literal(outside['pair.a'])}, {self.literal(outside['pair.b'])})")
            self.lines.append(f"    other = {self.pick(['own', 'pair'])}")
            scope.structs += ["own", "other"]
            for struct in ("own", "other"):
                for part in ("a", "b"):
                    scope.values[f"{struct}.{part}"] = scope.targets[f"{struct}.{part}"] = outside[f"pair.{part}"]
        if self.chance(2):
            self.lines.append(f"    truth = {self.condition(scope, 1)}")
            scope.truths.append("truth")
        for number in range(self.draw(st.integers(0, 2))):
            kind = self.pick(KINDS)
            self.lines.append(f"    l{number}: {kind.name} = {self.value(scope, kind, 2)}")
            scope.values[f"l{number}"] = scope.targets[f"l{number}"] = kind
        for _ in range(self.draw(st.integers(1, 4))):
            self.statement(scope, 2, "    ", loop=False)
        self.lines.append(f"    return {self.value(scope, result, 2)}")
        return name, list(parameters.values()), result


@st.composite
def programs(draw: Draw) -> str:
    """The source of one program, with functions `case_0`, `case_1`, ... that print what they computed."""
    return Author(draw).program()
