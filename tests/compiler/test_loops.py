"""A loop whose checks are made once, before it, does in every case what the same loop does with a check a round."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from metal.compiler.emit.program import emit_program
from metal.compiler.harness import Program, Trap
from metal.compiler.interpret import Interpreter, Trapped
from metal.compiler.memory import View
from metal.compiler.options import Options
from metal.compiler.pipeline import compile_sources
from metal.targets import target_named
from tests.compiler.built import compile_by_hand

ROOT = Path(__file__).resolve().parents[2]
SOURCE = """
from metal import Array, Slice, U64, array, u8, u32, u64

seen: u64 = 0
rows: Array[u64] = array(24)

def strided(xs: Slice[u64], first: u64, last: u64, step: u64, base: u64) -> u64:
    total: u64 = 0
    for k in range(first, last):
        total = (total + xs[k * step + base]) & 0xFFFF
        xs[base + k * step] = total
    return total

def backwards(xs: Slice[u64], first: u64, last: u64, back: u64) -> u64:
    total: u64 = 0
    for k in range(first, last):
        total = (total + xs[k - back]) & 0xFFFF
    return total

def falling(xs: Slice[u64], first: u64, last: u64, top: u64) -> u64:
    total: u64 = 0
    for k in range(first, last):
        total = (total + xs[top - k]) & 0xFFFF
    return total

def moving(xs: Slice[u64], first: u64, last: u64, base: u64) -> u64:
    total: u64 = 0
    for k in range(first, last):
        total = (total + xs[base + k]) & 0xFFFF
        base += 1
    return total

def narrowing(xs: Slice[u64], first: u64, last: u64) -> u64:
    total: u64 = 0
    for k in range(first, last):
        total = (total + xs[k + 1]) & 0xFFFF
        if total % 3 == 0:
            xs = xs[1:]
    return total

def leaving(xs: Slice[u64], first: u64, last: u64, base: u64) -> u64:
    global seen
    seen = 0
    for k in range(first, last, 2):
        if xs[k + base] == 7:
            return seen
        if k == 9:
            break
        seen += 1
    return seen + 100

def fixed(first: u64, last: u64, base: u32) -> u64:
    total: u64 = 0
    for k in range(first, last):
        rows[U64(base) + k * 2] = k
        total = (total + rows[k + 3]) & 0xFFFF
    return total

def pair(to: Slice[u8], source: Slice[u8]) -> None:
    for i in range(len(source)):
        to[i] = source[i]
"""
FUNCTIONS = {"strided": 4, "backwards": 3, "falling": 3, "moving": 3, "narrowing": 2, "leaving": 3}
NUMBERS = [0, 1, 3, 5, 9, 10, 11, 12, 1 << 32, (1 << 64) - 1, 1 << 63]


def whole() -> object:
    """The program."""
    options = Options(all_functions=True)
    return compile_sources({"loops": SOURCE}, entry="loops", roots=[ROOT], options=options)


@pytest.fixture(scope="module", params=["clang-19", "gcc"])
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Program:
    return compile_by_hand(whole(), tmp_path_factory.mktemp("loops"), request.param, "2")  # type: ignore[arg-type]


def outcome(call: object, *arguments: object) -> object:
    """A result, or the trap's kind and line."""
    try:
        return call(*arguments)  # type: ignore[operator]
    except (Trap, Trapped) as trap:
        return trap.kind, trap.line


@pytest.mark.parametrize("name", FUNCTIONS)
def test_results_traps_and_what_was_stored_before_them_are_the_same(compiled: Program, name: str) -> None:
    oracle = Interpreter(whole())  # type: ignore[arg-type]
    traps = results = 0
    choices = [NUMBERS[:8], NUMBERS] + [NUMBERS[:7] + NUMBERS[8:10]] * (FUNCTIONS[name] - 2)
    combinations: list[tuple[int, ...]] = [()]
    for choice in choices:
        combinations = [(*before, value) for before in combinations for value in choice]
    for numbers in combinations[:: max(1, len(combinations) // 700)]:
        if name == "strided" and numbers[2] == 0 and numbers[1] > 1000:
            continue  # never leaves the slice, and goes on for ever
        ours, theirs = [7, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12], [7, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]
        expected = outcome(oracle.call, name, View(ours, 0, len(ours)), *numbers)
        found = outcome(compiled[name], theirs, *numbers)
        assert found == expected, numbers
        assert theirs == ours or isinstance(found, tuple)
        assert not isinstance(found, tuple) or compiled.global_at("loops.seen") == oracle_seen(oracle)
        traps += isinstance(expected, tuple)
        results += not isinstance(expected, tuple)
    assert traps > 10 and results > 10


def oracle_seen(oracle: Interpreter) -> object:
    """The interpreter's global `seen`."""
    return next(value for item, value in oracle.globals.items() if item.name == "loops__seen")


def test_fixed_arrays_are_checked_against_their_length(compiled: Program) -> None:
    oracle = Interpreter(whole())  # type: ignore[arg-type]
    for numbers in [
        (0, 5, 0),
        (0, 12, 0),
        (0, 12, 1),
        (0, 13, 0),
        (3, 21, 0),
        (0, 22, 0),
        (5, 4, 0),
        (0, 2, (1 << 32) - 1),
    ]:
        assert outcome(compiled.fixed, *numbers) == outcome(oracle.call, "fixed", *numbers), numbers


def test_a_copy_is_as_far_as_it_goes_when_it_traps(compiled: Program) -> None:
    to, source = bytearray(4), bytes(range(1, 9))
    with pytest.raises(Trap):
        compiled.pair(to, source)
    longer = bytearray(10)
    compiled.pair(longer, source)
    assert longer == bytes(range(1, 9)) + b"\0\0"


def test_only_loops_that_gain_are_written_twice() -> None:
    program = whole()
    text = emit_program(program, target_named("host"))  # type: ignore[arg-type]
    assert text.count("LIKELY(!out") == 5, json.dumps(text)
    assert "LIKELY(!out" not in emit_program(program, target_named("host"), two_loops=False)  # type: ignore[arg-type]
