"""One run shows every mistake of a file once, and nothing that only follows from another."""

from __future__ import annotations

from pathlib import Path

from metal.compiler.diagnostics import Diagnostics
from tests.compiler.checking import check_marks, compiled


def test_each_statement_is_looked_at(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        """
from metal import u8, u32, u64

def first(a: u32, b: u64) -> u64:
    c = a + b  # M011
    d = c * 2
    if a:  # M014
        return a / 2  # M015
    while b:  # M014
        x: u8 = 300  # M013
    for i in a:  # M032
        y: u8 = b  # M010
    try:  # M002
        z: u8 = b  # M010
    except ValueError:
        pass
    return d

def second() -> u32:
    return nothing  # M003
""",
    )


def test_what_was_refused_stays_silent(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        """
from metal import struct, u32
from nowhere.at_all import thing  # M004

size = 4  # M070
limit: u33 = 3  # M003

@struct
class Cell:
    a: u32 = 0
    b: u77 = 0  # M003

def broken(x: Missing) -> u32:  # M003
    return x + 1

def user(c: Cell) -> u32:
    a = broken(3)
    return a + c.b + size + limit + thing()
""",
    )


def test_a_signature_does_not_hide_the_body(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        """
from metal import u8, u32

def f(x: Missing, n) -> Nothing:  # M003 M070 M003
    y: u8 = 300  # M013
    return x
""",
    )


def test_a_mistake_names_its_place_and_the_next_step(tmp_path: Path) -> None:
    found = compiled(tmp_path, "from metal import u32, u64\n\n\ndef f(a: u32, b: u64) -> u64:\n    return b + a\n")
    assert isinstance(found, Diagnostics)
    assert found.draw() == (
        "example.py:5:12: M011: u64 + u32: u32 where u64 is wanted\n"
        "    5 |     return b + a\n"
        "      |            ^^^^^\n"
        "      = convert one side: U64(a)\n"
        "\n"
        "1 mistake; ./motet explain M011 tells more about M011"
    )


def test_text_that_is_no_python(tmp_path: Path) -> None:
    check_marks(tmp_path, "def f(:  # M001\n")
    path = tmp_path / "latin.py"
    path.write_bytes(b"x = '\xe9'\n")
    found = compiled(tmp_path, "import latin\n\ndef f() -> None:\n    pass\n")
    assert isinstance(found, Diagnostics)
    assert [d.message for d in found.found] == ["the file is not UTF-8 text"]


def test_each_operand_of_a_statement_is_looked_at(tmp_path: Path) -> None:
    found = compiled(
        tmp_path,
        """
from metal import Array, array, u8, u32, u64

cells: Array[u8] = array(4)

def take(a: u32, b: u8, c: u64) -> u32:
    return a

def f(x: u64, y: u8) -> u32:
    print(f"{nothing} {x + y}")
    a, b = missing, x / 2
    while take(x, 300, lost) > absent:
        pass
    return take(nowhere, cells[gone], c=x + y)
""",
    )
    assert isinstance(found, Diagnostics)
    assert [(d.span.line, d.code) for d in found.sorted()] == [
        (10, "M003"), (10, "M011"),
        (11, "M003"), (11, "M015"),
        (12, "M010"), (12, "M013"), (12, "M003"), (12, "M003"),
        (14, "M003"), (14, "M003"), (14, "M011"),
    ]  # fmt: skip


def test_what_follows_from_a_refused_operand_stays_silent(tmp_path: Path) -> None:
    check_marks(
        tmp_path,
        """
from metal import u32, u64

def f(x: u64) -> u32:
    unknown = missing + 1  # M003
    return unknown + x + (unknown * 2)
""",
    )
