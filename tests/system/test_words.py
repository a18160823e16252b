"""How the shell takes a line apart."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metal.compiler.harness import load


@pytest.fixture(scope="module")
def shell() -> Any:
    return load("apps.shell.words")


def split(shell: Any, line: str) -> list[str] | None:
    """The words of a line, None when it is wrong."""
    words = shell.new("Words")
    shell["apps.shell.words.Words.split"](words, line.encode())
    if words.wrong:
        return None
    return [bytes(shell["apps.shell.words.Words.word"](words, i)).decode() for i in range(words.count)]


@settings(max_examples=200, deadline=None)
@given(line=st.text(alphabet='ab "é', max_size=60))
def test_words_and_quotes_are_as_in_other_shells(shell: Any, line: str) -> None:
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace, lexer.whitespace_split, lexer.quotes, lexer.escape, lexer.commenters = " ", True, '"', "", ""
    try:
        expected: list[str] | None = list(lexer)
    except ValueError:
        expected = None
    assert split(shell, line) == (None if expected is not None and len(expected) > 32 else expected)


def test_more_words_than_fit_are_refused(shell: Any) -> None:
    assert split(shell, " ".join("x" * 33)) is None
    assert split(shell, " ".join("x" * 32)) == ["x"] * 32


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("255", 255), ("256", 256), ("", 256), ("7x", 256), ("-1", 256)])
def test_numbers_are_whole_and_within_their_limit(shell: Any, text: str, value: int) -> None:
    assert shell["apps.shell.words.parse_number"](text.encode(), 255) == value
