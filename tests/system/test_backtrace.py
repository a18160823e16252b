"""Which numbers of a stopped program the supervisor takes for places on a stack: the program may have put any there."""

from __future__ import annotations

from typing import Any

import pytest

from abi.start import STACK_SLOT_BYTES, STACKS_ADDRESS
from metal.compiler.harness import load

STACK_BYTES = 0x4000
TOP = STACKS_ADDRESS + STACK_SLOT_BYTES


@pytest.fixture(scope="module")
def backtrace() -> Any:
    return load("system.supervisor.backtrace")


@pytest.mark.parametrize(
    ("address", "held"),
    [
        (TOP - 8, True), (TOP - STACK_BYTES, True), (TOP + STACK_SLOT_BYTES - 8, True),
        (TOP - STACK_BYTES - 8, False), (TOP, False), (TOP - 4, False), (TOP + 2 * STACK_SLOT_BYTES - 8, False),
        (0, False), (STACKS_ADDRESS - 8, False), (0xFFFF_FFFF_FFFF_FFF8, False), (0xFFFF_FFFF_FF00_0000, False),
    ],
)  # fmt: skip
def test_only_words_of_a_stack_are_followed(backtrace: Any, address: int, held: bool) -> None:
    view = backtrace.new("StackView", stack_bytes=STACK_BYTES, threads=2)
    assert backtrace["system.supervisor.backtrace.StackView.holds"](view, address) is held
