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


def register() -> None:
    """Importing the modules has registered their rules."""
    assert RULES
