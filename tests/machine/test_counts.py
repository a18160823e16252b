"""The kernel's operations take no more instructions than the counts that are kept beside the bench."""

from __future__ import annotations

from benches.kernel.measure import measure
from motet.paths import ROOT
from motet.results import grown, kept_values


def test_no_operation_of_the_kernel_costs_more_than_what_is_kept() -> None:
    kept = kept_values((ROOT / "benches" / "RESULTS.md").read_text(encoding="utf-8"))
    rows = list(measure())
    assert any(("kernel", str(row["case"]), str(row["family"]), str(row["metric"])) in kept for row in rows)
    assert grown(rows, kept) == []
