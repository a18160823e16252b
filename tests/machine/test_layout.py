"""The assembly of each port and the layout of its structs say the same."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest

from metal.types.records import layout_of
from tests.tree import ROOT, families

MESSAGE_WORDS = 8


def constants(family: str) -> dict[str, int]:
    """What the assembly defines with .equ."""
    text = (ROOT / "kernel" / "arch" / family / "vectors.py").read_text()
    return {name: int(value, 0) for name, value in re.findall(r"\.equ\s+(\w+), (\w+)", text)}


def records(family: str) -> Any:
    """The module that defines the family's frame and record."""
    return importlib.import_module(f"kernel.arch.{family}.frame")


@pytest.mark.parametrize("family", families())
def test_the_vectors_know_the_frame_and_the_record(family: str) -> None:
    module, found = records(family), constants(family)
    layouts = {"FRAME": layout_of(module.Frame).offsets, "RECORD": layout_of(module.CpuRecord).offsets}
    assert found, "the assembly names its offsets with .equ"
    for name, value in found.items():
        struct, _, field = name.partition("_")
        if struct in layouts:
            assert value == layouts[struct][field.lower()], name


@pytest.mark.parametrize("family", families())
def test_the_frame_begins_with_the_message_and_the_record_with_the_frame(family: str) -> None:
    frame, record = layout_of(records(family).Frame).offsets, layout_of(records(family).CpuRecord).offsets
    assert frame["words"] == 0
    assert frame["handle"] >= MESSAGE_WORDS * 8
    assert frame["number"] == frame["handle"] + 8
    assert record["frame"] == 0


@pytest.mark.parametrize("family", families())
def test_the_stack_below_the_record_is_aligned(family: str) -> None:
    assert layout_of(records(family).CpuRecord).alignment % 16 == 0
