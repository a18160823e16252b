"""`@appender`: how an f-string reaches a buffer of fixed capacity without being built first."""

from __future__ import annotations

from typing import TypeVar

C = TypeVar("C")


def appender(function: C, /) -> C:
    """Marks a method `f(self, text: str)` for which f(a + b) is f(a), then f(b) unless f(a) reported an error.

    A call with an f-string then becomes one call for each piece, in order, and the first error ends it.
    """
    return function
