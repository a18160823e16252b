"""The table of rules refuses typed programs that no front end may make."""

from __future__ import annotations

import pytest

from metal.compiler import ir
from metal.compiler.rules import RULES, violations
from metal.compiler.types import BOOL, I32, LITERAL_INT, NONE, TEXT, U8, U16, U32, U64, W32, EnumType, TypeTable
from metal.types.traps import TrapKind
from tests.compiler.shorthand import at, binary, compare, function, give, local, number, parameter, place, program, read

TYPES = TypeTable()
X = parameter("x")
ERROR = EnumType("Error", "by_hand", "by_hand__Error", {"MISSING": 1}, False, U8)
OTHER = EnumType("Other", "by_hand", "by_hand__Other", {"BUSY": 1}, False, U8)
SLICE, ROWS = TYPES.slice(U8), TYPES.array(U8, 4)
RESULT, PAIR, MAYBE = TYPES.result(U64, (ERROR,)), TYPES.tuple((U64, BOOL)), TYPES.option(U32)
MAYBE_NULL = TYPES.pointer(ROWS, nullable=True)
ROW_LOCAL, SLICE_LOCAL, NULL_LOCAL = local("rows", ROWS), local("view", SLICE), local("maybe", MAYBE_NULL)
STRANGER = local("stranger")
TWO_NUMBERS = function("two", [parameter("a"), parameter("b", U8)], U64, [give(number(0))])
NOWHERE = function("nowhere", [], U64, [give(number(0))])


def row_place() -> ir.LocalPlace:
    """The array on the stack."""
    return place(ROW_LOCAL)


BROKEN: dict[str, ir.Value | ir.Statement] = {
    "a constant fits its type": number(256, U8),
    "null has a nullable type": ir.Null(at(), TYPES.pointer(ROWS)),
    "a load has the type of its place": ir.Load(at(), U8, place(X)),
    "an address is never null": ir.AddressOf(at(), MAYBE_NULL, row_place()),
    "a field belongs to a struct": ir.Load(at(), U8, ir.FieldPlace(at(), U8, row_place(), "a")),
    "only a non-null pointer is followed": ir.AddressOf(
        at(), TYPES.pointer(ROWS), ir.DerefPlace(at(), ROWS, read(NULL_LOCAL))
    ),
    "an element belongs to an array": ir.Load(at(), U8, ir.ElementPlace(at(), U8, place(X), number(0), True)),
    "an index is an integer": ir.Load(at(), U8, ir.ElementPlace(at(), U8, row_place(), number(1, BOOL), True)),
    "both operands have the type of the result": binary("+", number(1), number(1, U8)),
    "the operator exists for the type": binary("/", number(1), number(1)),
    "an unchecked division or shift cannot fail": binary("<<", number(1), number(64), checked=False),
    "a wrapping type is not checked for overflow": binary("+", number(1, W32), number(1, W32)),
    "both sides have one type": compare("==", number(1), number(1, U32)),
    "order exists for numbers only": compare("<", number(1, BOOL), number(0, BOOL)),
    "not takes and gives bool": ir.Not(at(), BOOL, number(1)),
    "a condition is bool": ir.Check(at(), number(1), TrapKind.ASSERTION),
    "a conversion is exact, checked, wrap or float": ir.Convert(at(), U8, number(1), "somehow"),
    "arguments fit the parameters": ir.Call(at(), U64, TWO_NUMBERS, [number(1), number(1)]),
    "a call has the function's result type": ir.Call(at(), U8, TWO_NUMBERS, [number(1), number(1, U8)]),
    "is not in the program": ir.Call(at(), U64, NOWHERE, []),
    "is no local of": read(STRANGER),
    "a slice of the array's elements": ir.SliceOfArray(at(), TYPES.slice(U16), row_place()),
    "a length is u64, of a slice": ir.SliceLength(at(), U32, read(SLICE_LOCAL)),
    "items fit": ir.TupleValue(at(), PAIR, [number(1), number(1)]),
    "a present value fits its option": ir.OptionSome(at(), MAYBE, number(1)),
    "an error is one of the result's": ir.ResultError(at(), RESULT, number(1, OTHER)),
    "a good value fits": ir.ResultOk(at(), RESULT, None),
    "an array value has every element": ir.Store(at(), row_place(), ir.ArrayValue(at(), ROWS, [number(1, U8)])),
    "a stored value fits its place": ir.Store(at(), place(X), number(1, U32)),
    "storage as a value outside a store": ir.Load(at(), ROWS, row_place()),
    "a step is not zero": ir.ForRange(at(), X, number(0), number(1), 0, []),
    "the bounds have the variable's type": ir.ForRange(at(), X, number(0, U8), number(1, U8), 1, []),
    "no number is chosen twice": ir.Switch(at(), read(X), [([1], []), ([1, 2], [])], []),
    "no loop to leave": ir.Break(at()),
    "the intrinsic is known": ir.Intrinsic(at(), U64, "launch", []),
    "is no finished type": number(1, LITERAL_INT),
    "the stream is known": ir.Output(at(), "everywhere", []),
    "does not fit None": give(number(1)),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_rule_is_named_with_its_place(words: str) -> None:
    node = BROKEN[words]
    statement = node if isinstance(node, ir.Statement) else ir.Evaluate(at(), node)
    made = function("f", [X], NONE, [statement], [ROW_LOCAL, SLICE_LOCAL, NULL_LOCAL])
    found = violations(program([TWO_NUMBERS, made], types=TYPES, enums=[ERROR]))
    assert any(words in line for line in found), found
    assert all(line.startswith(("made/by_hand.py:1: ", "by_hand__f: ")) for line in found)


def test_a_sound_program_breaks_none() -> None:
    body: list[ir.Statement] = [
        ir.Store(at(), row_place(), ir.RepeatValue(at(), ROWS, number(3, U8))),
        ir.If(at(), compare("<", read(X), number(4)), [give(ir.TextConstant(at(), TEXT, b"few"))], []),
        give(ir.TextConstant(at(), TEXT, b"many")),
    ]
    assert violations(program([function("f", [X], TEXT, body, [ROW_LOCAL])], types=TYPES)) == []


def test_every_rule_is_about_a_node_of_the_form() -> None:
    assert all(issubclass(of, ir.Node) and rules for of, rules in RULES.items())
    assert I32 is not U32
