"""Output in C: f-strings become calls that put piece after piece into a line on the stack."""

from __future__ import annotations

import re

from metal.compiler import ir
from metal.compiler.emit.names import c_name
from metal.compiler.emit.types import plain
from metal.compiler.emit.values import byte_string
from metal.compiler.emit.writer import Writer
from metal.compiler.types import BOOL, TEXT, EnumType, FloatType, IntegerType, SliceType

STREAMS = {"print": 0, "log": 1, "panic": 2}

_SPECIFICATION = re.compile(r"(?:(.)?([<>^=]))?(#)?(0)?(\d+)?(?:\.(\d+))?([dxXbocf])?", re.DOTALL)
_BASES = {"d": 10, "x": 16, "X": 16, "b": 2, "o": 8, "c": 0, "f": 10}


def specification(text: str, default_align: str) -> str:
    """A format specification as the value of the runtime's struct."""
    found = _SPECIFICATION.fullmatch(text)
    assert found is not None, text
    fill, align, prefix, zero, width, precision, kind = found.groups()
    if zero and not align:
        fill, align = "0", "="
    members = {
        "fill": str(ord(fill or " ")),
        "align": f"'{align or default_align}'",
        "width": width or "0",
        "base": str(_BASES[kind or "d"]),
    }
    if prefix:
        members["prefixed"] = "true"
    if kind == "X":
        members["upper"] = "true"
    if precision:
        members["precision"] = precision
    return "((struct metal_spec){" + ", ".join(f".{name} = {value}" for name, value in members.items()) + "})"


def piece(writer: Writer, node: ir.TextPiece | ir.ValuePiece, line: str) -> str:
    """The call that puts one piece into a line."""
    if isinstance(node, ir.TextPiece):
        return f"metal_put_text({line}, TEXT({byte_string(node.data)}, {len(node.data)}))"
    of, value, wanted = node.value.type, writer.value(node.value), node.specification
    if isinstance(of, IntegerType):
        if not wanted:
            return f"metal_put_{'signed' if of.signed else 'unsigned'}({line}, {value})"
        form = specification(wanted, ">")
        if of.signed:
            return f"metal_put_signed_as({line}, {value}, {form})"
        return f"metal_put_unsigned_as({line}, {value}, {form})"
    if isinstance(of, FloatType):
        writer.floats = True
        return f"metal_put_float({line}, {value}, {specification(wanted, '>')})"
    if of is BOOL and wanted:
        # As in CPython, a truth with a specification is formatted as the number it is.
        return f"metal_put_unsigned_as({line}, {value}, {specification(wanted, '>')})"
    if of is BOOL:
        text = f'(({value}) ? TEXT("True", 4) : TEXT("False", 5))'
    elif isinstance(of, EnumType):
        writer.enums_shown[of.symbol] = of
        text = f"{of.symbol}__name({value})"
    else:
        assert of is TEXT or isinstance(of, SliceType)
        text = value if plain(of) == "struct View_u8" else f"SLICE_AS(struct View_u8, {value})"
    if not wanted:
        return f"metal_put_text({line}, {text})"
    return f"metal_put_text_as({line}, {text}, {specification(wanted, '<')})"


def output(writer: Writer, node: ir.Output) -> str:
    """A whole line written to a stream."""
    pieces = " ".join(f"{piece(writer, item, '&line__')};" for item in node.pieces)
    return f"{{ struct metal_line line__; metal_begin(&line__, {STREAMS[node.stream]}); {pieces} metal_end(&line__); }}"


def format_into(writer: Writer, node: ir.Format) -> str:
    """One value formatted into bytes on the stack."""
    buffer, text = c_name(node.buffer.name), c_name(node.text.name)
    put = piece(writer, node.piece, "&line__")
    return (
        f"{{ struct metal_line line__; metal_begin_bytes(&line__, {buffer}, sizeof {buffer}); {put}; "
        f"{text} = (struct View_u8){{{buffer}, line__.used}}; }}"
    )


def name_function(of: EnumType) -> str:
    """The C function that gives the name of an enum's member."""
    lines = [f"static struct View_u8 {of.symbol}__name(enum {of.symbol} member) {{", "    switch (member) {"]
    seen: set[int] = set()
    for name, value in of.members.items():
        if value not in seen:
            seen.add(value)
            lines.append(f'    case {of.symbol}__{name}: return TEXT("{name}", {len(name)});')
    return "\n".join([*lines, "    }", '    return TEXT("?", 1);', "}"])
