"""Typed Python with all its checks stays beside hand-written C, counted in executed instructions."""

from __future__ import annotations

import shutil

import pytest

from benches.language.measure import MEAN, measure

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed"),
]


def test_checks_cost_less_than_was_promised() -> None:
    ratios = {(row["family"], row["case"]): row["value"] for row in measure() if row["metric"] == "ratio"}
    families = {family for family, _ in ratios}
    assert len(families) == 2
    for family in families:
        assert ratios[family, "geometric mean"] <= 1.08
        assert max(ratios[family, case] for case in MEAN) <= 1.20
        assert ratios[family, "matmul_slices"] <= 2.3
        assert ratios[family, "matmul_arrays"] <= 1.3
