"""Every operator of every integer type does the same in C as in the interpreter, at the edges where they differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from metal.compiler import ir
from metal.compiler.harness import Program, Trap
from metal.compiler.interpret import Interpreter, Trapped
from metal.compiler.types import BOOL, F64, INTEGERS, U64, IntegerType
from tests.compiler.built import compile_by_hand
from tests.compiler.shorthand import at, binary, compare, function, give, parameter, program, read

OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "//", "mod": "%", "and": "&", "or": "|", "xor": "^"}
SHIFTS = {"left": "<<", "right": ">>"}
COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def edges(of: IntegerType) -> list[int]:
    """Values near every place where something changes."""
    near = {of.low, of.low + 1, of.high, of.high - 1, of.high // 2, of.high // 2 + 1, 0, 1, 2, 3, 7, -1, -2, -7, 100}
    return sorted(value for value in near if of.low <= value <= of.high)


def all_functions() -> list[ir.Function]:
    """One function for each operator and type, and for each conversion between two types."""
    made: list[ir.Function] = []
    for name, of in INTEGERS.items():
        a, b, count = parameter("a", of), parameter("b", of), parameter("count", U64)
        for word, operator in OPERATORS.items():
            checked = not (of.wraps and operator in "+-*")
            made.append(function(f"{word}_{name}", [a, b], of, [give(binary(operator, read(a), read(b), 5, checked))]))
            if operator in "+-*" and not of.wraps:
                wrapping = binary(operator, read(a), read(b), 5, checked=False)
                made.append(function(f"wrapping_{word}_{name}", [a, b], of, [give(wrapping)]))
        for word, operator in SHIFTS.items():
            value: ir.Value = ir.Binary(at(6), of, operator, read(a), read(count), True)
            made.append(function(f"{word}_{name}", [a, count], of, [give(value)]))
            value = ir.Binary(at(6), of, operator, read(a), ir.Constant(at(), U64, 3), False)
            made.append(function(f"{word}3_{name}", [a], of, [give(value)]))
        for word, operator in COMPARISONS.items():
            made.append(function(f"{word}_{name}", [a, b], BOOL, [give(compare(operator, read(a), read(b)))]))
        made.append(function(f"invert_{name}", [a], of, [give(ir.Invert(at(), of, read(a)))]))
        made.append(function(f"negate_{name}", [a], of, [give(ir.Negate(at(7), of, read(a), not of.wraps))]))
        for other_name, other in INTEGERS.items():
            for mode in ("checked", "wrap"):
                value = ir.Convert(at(8), other, read(a), mode)
                made.append(function(f"{mode}_{name}_to_{other_name}", [a], other, [give(value)]))
        x = parameter("x", F64)
        made.append(function(f"truncate_{name}", [x], of, [give(ir.Convert(at(9), of, read(x), "checked"))]))
        if of.wraps:
            for word in ("rotl", "rotr"):
                value = ir.Intrinsic(at(10), of, word, [read(a), read(count)])
                made.append(function(f"{word}_{name}", [a, count], of, [give(value)]))
    return made


WHOLE = program(all_functions())
FLOATS = [0.0, -0.0, 0.5, -0.5, -0.999, -1.0, 255.9, 256.0, 127.5, -128.5, -129.0, 65535.9, 2.0**31, 2.0**32, 2.0**63,
          -(2.0**63), -(2.0**63) - 2048, 2.0**64, 1e300, float("inf"), float("-inf"), float("nan")]  # fmt: skip


@pytest.fixture(scope="module", params=[("clang-19", "1"), ("clang-19", "0"), ("gcc", "2")], ids=lambda p: "-O".join(p))
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder: Path = tmp_path_factory.mktemp("arithmetic")
    compiler, optimize = request.param
    return compile_by_hand(WHOLE, folder, compiler, optimize)


def outcome(call: object, *arguments: object) -> object:
    """A result, or the trap's kind and line."""
    try:
        return call(*arguments)  # type: ignore[operator]
    except (Trap, Trapped) as trap:
        return trap.kind, trap.line


@pytest.mark.parametrize("name", INTEGERS)
def test_every_operator_of_a_type_means_in_c_what_it_means_in_the_interpreter(compiled: Program, name: str) -> None:
    oracle = Interpreter(WHOLE)
    traps = 0
    for made in WHOLE.functions:
        if f"_{name}" not in made.shown or made.parameters[0].type not in (INTEGERS[name], F64):
            continue
        values: list[tuple[object, ...]] = [(a,) for a in edges(INTEGERS[name])]
        if made.parameters[0].type is F64:
            values = [(x,) for x in FLOATS]
        elif len(made.parameters) == 2:
            shifts = made.parameters[1].type is U64 and name != "u64"
            second = [0, 1, 7, 8, 31, 32, 63, 64] if shifts else edges(INTEGERS[name])
            values = [(a, b) for (a,) in values for b in second]
        for arguments in values:
            expected = outcome(oracle.call, made.shown, *arguments)
            found = outcome(compiled[made.shown], *arguments)
            assert found == expected, f"{made.shown}{arguments}"
            traps += isinstance(expected, tuple)
    assert traps > 0
