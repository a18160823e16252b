"""docs/kernel.md says what the table of calls says."""

from __future__ import annotations

from pathlib import Path

from abi.reference import page

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "kernel.md"


def test_the_reference_is_made_from_the_table() -> None:
    assert DOCUMENT.read_text() == page(), "run: python -m abi.reference > docs/kernel.md"
