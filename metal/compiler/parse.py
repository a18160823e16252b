"""Reads a file into Python's own syntax tree, and turns what Python cannot parse into a diagnostic."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

from metal.compiler.diagnostics import Refused
from metal.compiler.source import SourceFile, Span


def read_source(path: Path, shown: Path, module: str, index: int) -> SourceFile:
    """The file's text and lines; bytes that are not UTF-8 are refused."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        file = SourceFile(index, shown, module, "", [], path)
        raise Refused("M001", Span(file, line, 0, line, 1), "the file is not UTF-8 text", "save it as UTF-8") from None
    return SourceFile(index, shown, module, text, text.splitlines(), path)


def parse(file: SourceFile) -> ast.Module:
    """The syntax tree of a file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(file.text, filename=file.shown)
    except SyntaxError as error:
        line = error.lineno or 1
        column = max(0, (error.offset or 1) - 1)
        end = error.end_offset - 1 if error.end_offset and error.end_lineno == line else column + 1
        span = Span(file, line, column, line, max(end, column + 1))
        raise Refused("M001", span, error.msg or "invalid syntax", "this is not Python: mend the spelling") from None
    except (ValueError, RecursionError) as error:
        raise Refused("M001", Span(file, 1, 0, 1, 1), f"Python cannot read this file: {error}") from None


def span_of(file: SourceFile, node: ast.AST) -> Span:
    """Where a syntax node stands. Python counts columns in bytes; lines beyond ASCII are translated."""
    line = getattr(node, "lineno", 1)
    column = getattr(node, "col_offset", 0)
    end_line = getattr(node, "end_lineno", None) or line
    end_column = getattr(node, "end_col_offset", None) or column + 1
    return Span(file, line, _characters(file, line, column), end_line, _characters(file, end_line, end_column))


def _characters(file: SourceFile, line: int, column: int) -> int:
    if not 0 < line <= len(file.lines) or file.lines[line - 1].isascii():
        return column
    return len(file.lines[line - 1].encode()[:column].decode(errors="ignore"))
