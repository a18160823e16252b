"""Brings in every file of rules, so that their tables are filled."""

from __future__ import annotations

from metal.compiler.elaborate import (
    calls,
    conditions,
    conversions,
    devices,
    flow,
    methods,
    operators,
    output,
    patterns,
    places,
    statements,
    words,
)

RULES = (
    calls, conditions, conversions, devices, flow, methods, operators, output, patterns, places, statements, words,
)  # fmt: skip


def register() -> int:
    """Importing the modules has registered their rules; the result is how many files of rules there are."""
    return len(RULES)
