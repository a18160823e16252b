"""Statements, storage, results and text mean in C what they mean in the interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from metal.compiler import ir
from metal.compiler.harness import Program, Trap
from metal.compiler.interpret import Interpreter, Trapped
from metal.compiler.types import (
    BOOL,
    F64,
    I8,
    I64,
    NONE,
    TEXT,
    U8,
    U16,
    U32,
    U64,
    EnumType,
    Field,
    FloatType,
    IntegerType,
    StructType,
    Type,
    TypeTable,
)
from metal.types.traps import TrapKind
from tests.compiler.built import compile_by_hand
from tests.compiler.shorthand import (
    at,
    binary,
    compare,
    function,
    give,
    local,
    number,
    parameter,
    place,
    program,
    read,
    store,
)

TYPES = TypeTable()
COMPILERS = ["clang-19", "gcc"]


def outcome(call: object, *arguments: object) -> object:
    """A result, or the trap's kind and line."""
    try:
        return call(*arguments)  # type: ignore[operator]
    except (Trap, Trapped) as trap:
        return trap.kind, trap.line


def add_to(total: ir.Local, value: ir.Value, line: int = 1) -> ir.Store:
    """`total += value`, wrapping."""
    return store(total, binary("+", read(total), value, line, checked=False), line)


def range_sum(name: str, of: IntegerType, step: int) -> ir.Function:
    """Sums a range and packs the loop's variable after the loop into the result."""
    start, stop = parameter("start", of), parameter("stop", of)
    i, total, rounds = local("i", of), local("total", U64), local("rounds", U64)
    loop = ir.ForRange(
        at(3), i, read(start), read(stop), step,
        [
            add_to(total, ir.Convert(at(4), U64, read(i), "wrap")),
            add_to(rounds, number(1)),
            ir.If(at(5), compare(">", read(rounds), number(300)), [ir.Break(at(5))], []),
        ],
    )  # fmt: skip
    last = binary("*", ir.Convert(at(6), U64, read(i), "wrap"), number(1000), 6, checked=False)
    result = binary("+", binary("+", read(total), last, 6, checked=False), read(rounds), 6, checked=False)
    body: list[ir.Statement] = [store(i, number(0, of)), store(total, number(0)), store(rounds, number(0)), loop]
    return function(name, [start, stop], U64, [*body, give(result)], [i, total, rounds])


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("of", [U8, I8, U64, I64], ids=str)
@pytest.mark.parametrize("step", [1, 3, 200, -1, -3])
def test_a_range_ends_at_the_ends_of_its_type(compiler: str, of: IntegerType, step: int, tmp_path: Path) -> None:
    if step > of.high:
        return
    whole = program([range_sum("count", of, step)])
    compiled = compile_by_hand(whole, tmp_path, compiler)
    edges = [of.low, of.low + 1, of.low + 4, of.high, of.high - 1, of.high - 4, 0, 5]
    for start in edges:
        for stop in edges:
            expected = Interpreter(whole).call("count", start, stop)
            assert compiled.count(start, stop) == expected, (start, stop)


def test_break_inside_a_switch_leaves_the_loop(tmp_path: Path) -> None:
    x, total, i = parameter("x"), local("total"), local("i")
    choose = ir.Switch(
        at(4), read(i),
        [
            ([1, 2], [add_to(total, number(10))]),
            ([3], [ir.Continue(at(5))]),
            ([4], [ir.If(at(6), compare("==", read(x), number(0)), [ir.Break(at(6))], [])]),
        ],
        [add_to(total, number(1))],
    )  # fmt: skip
    loop = ir.ForRange(at(3), i, number(0), number(8), 1, [choose, add_to(total, number(100))])
    whole = program([function("f", [x], U64, [store(total, number(0)), loop, give(read(total))], [total, i])])
    compiled, oracle = compile_by_hand(whole, tmp_path), Interpreter(whole)
    assert [compiled.f(value) for value in (0, 1)] == [oracle.call("f", value) for value in (0, 1)] == [321, 724]


def test_a_loop_with_work_before_its_condition_runs_it_each_round(tmp_path: Path) -> None:
    n, count = parameter("n"), local("count")
    half = local("half")
    loop = ir.While(
        at(3),
        [store(half, binary("//", read(n), number(2)))],
        compare(">", read(half), number(0)),
        [store(n, read(half)), store(count, binary("+", read(count), number(1)))],
    )
    whole = program([function("log2", [n], U64, [store(count, number(0)), loop, give(read(count))], [count, half])])
    compiled = compile_by_hand(whole, tmp_path)
    assert [compiled.log2(value) for value in (1, 2, 1023, 1 << 63)] == [0, 1, 9, 63]


def struct(name: str, **fields: Type) -> StructType:
    """A struct type of the pretended module."""
    made = StructType(name, "by_hand", f"by_hand__{name}")
    made.fields.update({key: Field(key, of, None) for key, of in fields.items()})
    return made


ERROR = EnumType("Error", "by_hand", "by_hand__Error", {"MISSING": 1, "FULL": 2}, False, U8)
OTHER = EnumType("Other", "by_hand", "by_hand__Other", {"BUSY": 1}, False, U16)


def field_of(base: ir.Place, name: str, of: Type) -> ir.FieldPlace:
    """A field in a place."""
    return ir.FieldPlace(at(), of, base, name)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_structs_are_filled_copied_and_shared_by_reference(compiler: str, tmp_path: Path) -> None:
    rows = TYPES.array(U32, 5)
    big = struct("Big", first=U8, rows=rows, last=U64)
    pointer = TYPES.pointer(big)
    a, b, p = local("a_storage", big), local("b_storage", big), local("p", pointer)
    x = parameter("x")
    fill = ir.StructValue(
        at(3), big, {"first": number(7, U8), "rows": ir.RepeatValue(at(3), rows, number(9, U32)), "last": read(x)}
    )
    through = field_of(ir.DerefPlace(at(), big, read(p)), "last", U64)
    # The new value of a struct may be made of its old one.
    again = ir.StructValue(
        at(6), big,
        {
            "first": number(1, U8),
            "rows": ir.Zero(at(6), rows),
            "last": binary("+", ir.Load(at(6), U64, field_of(place(b), "last", U64)), number(1), 6),
        },
    )  # fmt: skip
    element = ir.ElementPlace(at(7), U32, field_of(place(a), "rows", rows), read(x), True)
    body: list[ir.Statement] = [
        ir.Store(at(3), place(a), fill),
        ir.Store(at(4), place(b), ir.Load(at(4), big, place(a))),
        store(p, ir.AddressOf(at(5), pointer, place(b))),
        ir.Store(at(5), through, binary("+", ir.Load(at(5), U64, through), number(100), 5)),
        ir.Store(at(6), place(b), again),
    ]
    total = binary("+", ir.Load(at(7), U64, through), ir.Convert(at(7), U64, ir.Load(at(7), U32, element), "exact"), 7)
    whole = program([function("f", [x], U64, [*body, give(total)], [a, b, p])], types=TYPES, structs=[big])
    compiled, oracle = compile_by_hand(whole, tmp_path, compiler), Interpreter(whole)
    for value in (0, 4, 5, (1 << 64) - 1):
        assert outcome(compiled.f, value) == outcome(oracle.call, "f", value)
    assert compiled.f(4) == 4 + 100 + 1 + 9
    assert outcome(compiled.f, 5) == (TrapKind.BOUNDS, 7)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_results_carry_a_value_or_one_of_several_errors(compiler: str, tmp_path: Path) -> None:
    either = TYPES.result(U64, (ERROR, OTHER))
    pair = TYPES.tuple((U64, BOOL))
    maybe = TYPES.option(U32)
    x = parameter("x")
    choose = function(
        "choose", [x], either,
        [
            ir.If(at(2), compare("==", read(x), number(0)),
                  [give(ir.ResultError(at(2), either, number(2, ERROR)))], []),
            ir.If(at(3), compare("==", read(x), number(1)),
                  [give(ir.ResultError(at(3), either, number(1, OTHER)))], []),
            give(ir.ResultOk(at(4), either, read(x))),
        ],
    )  # fmt: skip
    r = local("r", either)
    judge = function(
        "judge", [x], pair,
        [
            store(r, ir.Call(at(6), either, choose, [read(x)])),
            ir.If(at(7), ir.ResultIs(at(7), BOOL, read(r), ERROR),
                  [give(ir.TupleValue(at(7), pair, [number(1000), number(1, BOOL)]))], []),
            ir.If(at(8), ir.ResultIs(at(8), BOOL, read(r), OTHER),
                  [give(ir.TupleValue(at(8), pair, [number(2000), number(1, BOOL)]))], []),
            give(ir.TupleValue(at(9), pair, [ir.ResultValue(at(9), U64, read(r)), number(0, BOOL)])),
        ],
        [r],
    )  # fmt: skip
    small = function(
        "small", [x], maybe,
        [
            ir.If(at(11), compare("<", read(x), number(10)),
                  [give(ir.OptionSome(at(11), maybe, ir.Convert(at(11), U32, read(x), "checked")))], []),
            give(ir.OptionNone(at(12), maybe)),
        ],
    )  # fmt: skip
    whole = program([choose, judge, small], types=TYPES, enums=[ERROR, OTHER])
    compiled = compile_by_hand(whole, tmp_path, compiler)
    assert compiled.choose(0) is compiled.Error.FULL
    assert compiled.choose(1) is compiled.Other.BUSY
    assert compiled.choose(7) == 7
    assert [compiled.judge(value) for value in (0, 1, 7)] == [(1000, True), (2000, True), (7, False)]
    assert [compiled.small(value) for value in (9, 10)] == [9, None]
    oracle = Interpreter(whole)
    assert [oracle.call("judge", value) for value in (0, 1, 7)] == [(1000, 1), (2000, 1), (7, 0)]


SPECIFICATIONS: list[tuple[Type, list[object], list[str]]] = [
    (U64, [0, 7, 255, 12345678901234567890], ["", "d", "x", "X", "b", "o", "#x", "08x", "#010x"]),
    (U64, [0, 7, 255, 12345678901234567890], [">12", "<12", "^13", "*^9", "#X", "_>20x"]),
    (I64, [0, -1, 42, -(1 << 63)], ["", "d", "5", "05", "<6", "x", "#x", "+>8"]),
    (U8, [65, 233], ["c", "3c"]),
    (BOOL, [0, 1], ["", ">5"]),
    (F64, [0.0, -0.5, 2.5, 3.14159, 1e22, -1e300, 5e-324, 0.125, 999.9995], [".0f", ".2f", ".3f", "10.1f", "012.4f"]),
    (ERROR, [1, 2], ["", ">9", "-<9"]),
]  # fmt: skip


@pytest.mark.parametrize(("of", "values", "specifications"), SPECIFICATIONS, ids=lambda item: str(item)[:8])
def test_numbers_and_names_are_printed_as_python_prints_them(
    of: Type, values: list[object], specifications: list[str], tmp_path: Path
) -> None:
    x = parameter("x", of)
    functions: list[ir.Function] = []
    for index, specification in enumerate(specifications):
        pieces: list[ir.TextPiece | ir.ValuePiece] = [
            ir.TextPiece('«"\\%s»'.encode()),
            ir.ValuePiece(read(x), specification),
            ir.TextPiece(b"|\n"),
        ]
        functions.append(function(f"show{index}", [x], NONE, [ir.Output(at(2), "print", pieces)]))
    whole = program(functions, types=TYPES, enums=[ERROR])
    compiled, oracle = compile_by_hand(whole, tmp_path), Interpreter(whole)
    for index, specification in enumerate(specifications):
        for value in values:
            compiled[f"show{index}"](value)
            oracle.call(f"show{index}", value)
            text = compiled.output()
            assert text == oracle.take_output()
            if of is not ERROR:
                shown = bool(value) if of is BOOL else value
                assert text == f'«"\\%s»{shown:{specification}}|\n'
    assert isinstance(F64, FloatType)


def test_a_line_longer_than_the_buffer_arrives_whole(tmp_path: Path) -> None:
    words = parameter("words", TEXT)
    twice: list[ir.TextPiece | ir.ValuePiece] = [ir.ValuePiece(read(words), ""), ir.ValuePiece(read(words), ">400")]
    whole = program([function("say", [words], NONE, [ir.Output(at(2), "log", twice)])])
    compiled: Program = compile_by_hand(whole, tmp_path)
    text = "grüße " * 50
    compiled.say(text)
    assert compiled.output(1) == f"{text}{text:>400}"
    assert compiled.output(1) == ""
