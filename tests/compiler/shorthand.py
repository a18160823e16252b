"""Short spellings for typed programs written by hand, for tests of what comes after the front end."""

from __future__ import annotations

from pathlib import Path

from metal.compiler import ir
from metal.compiler.source import SourceFile, Span
from metal.compiler.types import BOOL, NONE, U64, EnumType, IntegerType, StructType, Type, TypeTable

FILE = SourceFile(0, Path("made/by_hand.py"), "by_hand", "", [])


def at(line: int = 1) -> Span:
    """A place in the pretended source."""
    return Span(FILE, line, 0, line, 1)


def number(value: int, of: Type = U64, line: int = 1) -> ir.Constant:
    """A constant."""
    return ir.Constant(at(line), of, value)


def local(name: str, of: Type = U64) -> ir.Local:
    """A variable."""
    return ir.Local(at(), name, of)


def parameter(name: str, of: Type = U64) -> ir.Local:
    """A parameter."""
    return ir.Local(at(), name, of, is_parameter=True)


def place(of: ir.Local, line: int = 1) -> ir.LocalPlace:
    """Where a variable stands."""
    return ir.LocalPlace(at(line), of.type, of)


def read(of: ir.Local, line: int = 1) -> ir.Load:
    """A variable's value."""
    return ir.Load(at(line), of.type, place(of, line))


def store(of: ir.Local, value: ir.Value, line: int = 1) -> ir.Store:
    """An assignment to a variable."""
    return ir.Store(at(line), place(of, line), value)


def binary(operation: str, left: ir.Value, right: ir.Value, line: int = 1, checked: bool = True) -> ir.Binary:
    """Arithmetic."""
    return ir.Binary(at(line), left.type, operation, left, right, checked)


def compare(operation: str, left: ir.Value, right: ir.Value, line: int = 1) -> ir.Compare:
    """A comparison."""
    return ir.Compare(at(line), BOOL, operation, left, right)


def give(value: ir.Value | None, line: int = 1) -> ir.Return:
    """`return`."""
    return ir.Return(at(line), value)


def function(
    name: str,
    parameters: list[ir.Local],
    result: Type,
    body: ir.Block,
    locals: list[ir.Local] | None = None,
    exported: bool = False,
) -> ir.Function:
    """A function of the module."""
    made = ir.Function(at(), f"by_hand__{name}", name, parameters, result, locals or [], body)
    made.exported = name if exported else None
    return made


def program(
    functions: list[ir.Function],
    *,
    types: TypeTable | None = None,
    structs: list[StructType] | None = None,
    enums: list[EnumType] | None = None,
    globals: list[ir.Global] | None = None,
    entry: ir.Function | None = None,
) -> ir.Program:
    """A whole program."""
    return ir.Program([FILE], types or TypeTable(), structs or [], enums or [], globals or [], functions, entry)


def unary_function(name: str, of: IntegerType, value: ir.Value, x: ir.Local) -> ir.Function:
    """A function of one number that returns a value."""
    return function(name, [x], value.type if value.type is not NONE else of, [give(value)])
