"""Places in a bus's window: aligned, inside, and never in a page that somebody has."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metal.compiler.harness import load

SPACE = "system.drivers.pci.space.Space."
NOWHERE, PAGE, TAKEN = (1 << 64) - 1, 4096, 64
sizes = st.integers(4, 18).map(lambda power: 1 << power)


@pytest.fixture(scope="module")
def program() -> Any:
    return load("system.drivers.pci.space")


def pages(start: int, size: int) -> set[int]:
    return set(range(start // PAGE, (start + size - 1) // PAGE + 1))


@settings(max_examples=200, deadline=None)
@given(
    window=st.integers(1, 64).map(lambda count: count * PAGE),
    kept=st.lists(st.tuples(st.integers(0, 1 << 18), sizes), max_size=5),
    wanted=st.lists(sizes, max_size=12),
)
def test_no_two_share_a_page(program: Any, window: int, kept: list[tuple[int, int]], wanted: list[int]) -> None:
    space = program.new("Space", size=window, page=PAGE)
    taken: set[int] = set()
    for start, size in kept:
        assert program[SPACE + "keep"](space, start, size)
        taken |= pages(start, size)
    for size in wanted:
        start = program[SPACE + "take"](space, size)
        step = max(size, PAGE)
        free = [place for place in range(0, window - step + 1, step) if not pages(place, size) & taken]
        # The lowest place that is free, or none because there is none.
        assert start == (free[0] if free else NOWHERE)
        if free:
            taken |= pages(start, size)


def test_more_than_can_be_remembered_is_told(program: Any) -> None:
    space = program.new("Space", size=PAGE * 100, page=PAGE)
    for _ in range(TAKEN):
        assert program[SPACE + "take"](space, 16) != NOWHERE
    assert program[SPACE + "take"](space, 16) == NOWHERE
    assert not program[SPACE + "keep"](space, 0, 16)
