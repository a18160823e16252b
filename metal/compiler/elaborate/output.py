"""f-strings: pieces for `print`, `log`, `panic`, and for methods that append text."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from metal.compiler import ir
from metal.compiler.elaborate import make
from metal.compiler.elaborate.body import Body, word
from metal.compiler.elaborate.convert import absent
from metal.compiler.elaborate.places import as_slice
from metal.compiler.types import (
    BOOL,
    LITERAL_FLOAT,
    LITERAL_INT,
    NEVER,
    NONE,
    TEXT,
    U8,
    EnumType,
    FloatType,
    IntegerType,
    OptionType,
    PointerType,
    ResultType,
    SliceType,
    Type,
)
from metal.types.traps import TrapKind

Piece = ir.TextPiece | ir.ValuePiece
SPECIFICATION = re.compile(
    r"(?:(?P<fill>[ -~])?(?P<align>[<>^=]))?(#)?(?P<zero>0)?(\d+)?(?P<precision>\.\d+)?(?P<kind>[dxXbocsf])?"
)
BUFFER = 72
"""Bytes that hold any number in any base with sign and prefix."""


def is_fstring(node: ast.expr) -> bool:
    """Whether an expression is an f-string with something to format."""
    return isinstance(node, ast.JoinedStr)


def pieces_of(body: Body, node: ast.expr) -> list[Piece]:
    """The pieces of a text or f-string, evaluated in order."""
    parts: list[ast.expr] = list(node.values) if isinstance(node, ast.JoinedStr) else [node]
    nodes: list[ast.expr] = []
    shapes: list[tuple[bytes | None, str]] = []
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            shapes.append((part.value.encode(), ""))
        elif isinstance(part, ast.FormattedValue):
            named = (
                isinstance(part.value, ast.Attribute) and part.value.attr == "name" and _enum_before(body, part.value)
            )
            shapes.append((None, NAME if named else _specification(body, part)))
            nodes.append(part.value.value if named and isinstance(part.value, ast.Attribute) else part.value)
        else:
            shapes.append((None, ""))
            nodes.append(part)
    values = iter(zip(nodes, body.in_order([lambda n=n: body.value(n) for n in nodes]), strict=True))
    pieces: list[Piece] = []
    for data, specification in shapes:
        if data is not None:
            pieces.append(ir.TextPiece(data))
        else:
            at, value = next(values)
            pieces += _value_pieces(body, at, value, specification)
    return pieces


def _specification(body: Body, node: ast.FormattedValue) -> str:
    if node.conversion not in (-1, 115):
        raise body.refuse("M100", node, "!r and !a are not in the language", "leave the conversion out")
    if node.format_spec is None:
        return ""
    text = ""
    for part in node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else []:
        if not isinstance(part, ast.Constant):
            raise body.refuse("M100", node, "the width of a field is a constant", "write the number")
        text += str(part.value)
    if not SPECIFICATION.fullmatch(text):
        raise body.refuse("M100", node, f"the format {text!r} is not in the language", "use widths, 0, #, d x X b o c")
    return text


def _suits(of: Type, specification: str) -> bool:
    """Whether a format means for this type what it means in Python."""
    match = SPECIFICATION.fullmatch(specification)
    if match is None:
        return False
    kind, precise = match["kind"], match["precision"] is not None
    if of is TEXT:
        return (
            kind in (None, "s")
            and not precise
            and "#" not in specification
            and not match["zero"]
            and match["align"] != "="
        )
    if isinstance(of, FloatType):
        return kind in (None, "f") and "#" not in specification and (kind == "f" or not specification)
    return kind not in ("s", "f") and not precise


NAME = "name"
"""Stands for the specification of `{member.name}`."""


def _enum_before(body: Body, node: ast.Attribute) -> bool:
    """Whether `x.name` asks an enum member for its name, rather than a struct for a field."""
    if body.symbol(node) is not None:
        return False
    return isinstance(body.type_of(node.value), EnumType)


def _value_pieces(body: Body, node: ast.expr, value: ir.Value, specification: str) -> list[Piece]:
    """A value as Python shows it: `{e}` of an Enum is `Class.MEMBER`, of an IntEnum its number."""
    of = value.type
    if isinstance(of, EnumType) and specification in ("", NAME):
        if specification == NAME:
            return [ir.ValuePiece(value, "")]
        if not of.is_integer:
            return [ir.TextPiece(f"{of}.".encode()), ir.ValuePiece(value, "")]
        value = ir.Convert(value.span, of.repr, value, "exact", flags=value.flags)
    return [_value_piece(body, node, value, specification)]


def _value_piece(body: Body, node: ast.expr, value: ir.Value, specification: str) -> Piece:
    of = value.type
    if of in (LITERAL_INT, LITERAL_FLOAT) and isinstance(value, ir.Constant):
        return ir.TextPiece(format(value.value, specification).encode())
    if isinstance(value, ir.TextConstant) and not specification and of is TEXT:
        return ir.TextPiece(value.data)
    if isinstance(of, EnumType) and of.is_integer and specification:
        value = ir.Convert(value.span, of.repr, value, "exact", flags=value.flags)
        of = of.repr
    if specification and (of is BOOL or isinstance(of, EnumType)):
        raise body.refuse("M100", node, f"{of} has no format {specification!r}", "leave the format out")
    if isinstance(of, (IntegerType, EnumType, FloatType)) or of is BOOL or of is TEXT:
        if not _suits(of, specification):
            hint = "numbers: width, 0, #, d x X b o; floats: .2f; text: width and < > ^"
            raise body.refuse("M100", node, f"{of} has no format {specification!r}", hint)
        return ir.ValuePiece(value, specification)
    if isinstance(of, (OptionType, ResultType)) or (isinstance(of, PointerType) and of.nullable):
        raise absent(body, node, of)
    hint = "format its fields"
    if isinstance(of, SliceType) and of.element is U8:
        hint = "write as_text(data) when the bytes are text"
    raise body.refuse("M100", node, f"{of} cannot be formatted", hint)


@word("print", "log", "panic")
def output(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`print(f"...")`, `log(...)`, `panic(...)`."""
    stream = body.word_of(node)
    span = body.span(node)
    end = b"\n"
    for keyword in node.keywords:
        if keyword.arg != "end" or not isinstance(keyword.value, ast.Constant) or stream != "print":
            raise body.refuse("M060", keyword, f"{stream} has no parameter {keyword.arg}", "print(text, end='')")
        end = str(keyword.value.value).encode()
    pieces: list[Piece] = []
    for index, argument in enumerate(node.args):
        if index:
            pieces.append(ir.TextPiece(b" "))
        pieces += pieces_of(body, argument)
    pieces = merged([*pieces, ir.TextPiece(end)])
    body.emit(ir.Output(span, stream, _settled(body, pieces)))
    body.after_call()
    if stream == "panic":
        body.emit(ir.Trap(span, TrapKind.PANIC))
        return ir.Zero(span, NEVER)
    return ir.Zero(span, NONE)


def merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring constant pieces as one."""
    result: list[Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        if isinstance(piece, ir.TextPiece) and isinstance(last, ir.TextPiece):
            result[-1] = ir.TextPiece(last.data + piece.data)
        elif not isinstance(piece, ir.TextPiece) or piece.data:
            result.append(piece)
    return result


def _settled(body: Body, pieces: list[Piece]) -> list[Piece]:
    """All values evaluated before the first byte is written."""
    for piece in pieces:
        if isinstance(piece, ir.ValuePiece):
            piece.value = body.stable(piece.value)
    return pieces


def pieces_call(body: Body, node: ast.JoinedStr, result: Type, one: Callable[[ir.Value], ir.Value]) -> ir.Value:
    """A call for each piece of an f-string, until one reports an error."""
    span = body.span(node)
    pieces = _settled(body, merged(pieces_of(body, node))) or [ir.TextPiece(b"")]
    if result is NONE:
        for piece in pieces:
            body.emit(ir.Evaluate(span, one(_text(body, piece, node))))
        return ir.Zero(span, NONE)
    target = body.temporary(span, result)
    place = make.local_place(span, target)
    body.emit(ir.Store(span, place, one(_text(body, pieces[0], node))))
    outer = body.block
    for piece in pieces[1:]:
        body.block = []
        body.emit(ir.Store(span, place, one(_text(body, piece, node))))
        going_on = _went_well(body, make.load_local(span, target), node)
        inner, body.block = body.block, outer
        body.emit(ir.If(span, going_on, inner, []))
    return make.load_local(span, target)


def _went_well(body: Body, value: ir.Value, node: ast.AST) -> ir.Value:
    of, span = value.type, value.span
    if isinstance(of, ResultType):
        return ir.ResultIs(span, BOOL, value, None)
    if isinstance(of, OptionType):
        return make.negated(span, ir.OptionIsSome(span, BOOL, value))
    if of is BOOL:
        return value
    raise body.refuse("M065", node, f"an @appender gives None, bool, or None | Error, not {of}")


def _text(body: Body, piece: Piece, node: ast.AST) -> ir.Value:
    """One piece as a text."""
    span = body.span(node)
    if isinstance(piece, ir.TextPiece):
        return ir.TextConstant(span, TEXT, piece.data)
    if piece.value.type is TEXT and not piece.specification:
        return piece.value
    digits = re.search(r"\d+", piece.specification)
    if piece.value.type is TEXT:
        raise body.refuse("M100", node, "text has no width here", "pad it with a method of Text")
    size = max(BUFFER, int(digits.group()) + 8 if digits else 0)
    if isinstance(piece.value.type, FloatType):
        size += 320
    if isinstance(piece.value.type, EnumType):
        size = max(size, *(len(name) + 8 for name in piece.value.type.members))
    buffer = body.local(span, f"t{len(body.block)}_digits", body.types.array(U8, size), temporary=True)
    buffer.uninitialized = True
    text = body.temporary(span, TEXT)
    body.emit(ir.Format(span, piece, buffer, text))
    return make.load_local(span, text)


@word("as_text")
def as_text(body: Body, node: ast.Call, wanted: Type | None) -> ir.Value:
    """`as_text(data)`: bytes seen as text."""
    if len(node.args) != 1:
        raise body.refuse("M060", node, "as_text takes bytes")
    value = as_slice(body, node.args[0], body.value(node.args[0]))
    if not isinstance(value.type, SliceType) or value.type.element is not U8:
        raise body.refuse("M010", node.args[0], f"{value.type} where View[u8] is wanted")
    return ir.SliceAs(body.span(node), TEXT, value, flags=value.flags)
