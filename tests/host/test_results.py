"""Rows of a bench become a page that a person can read."""

from __future__ import annotations

from motet.results import cells, page

ROW = {
    "bench": "kernel", "case": "null call", "family": "some", "metric": "instructions", "value": 171.0,
    "unit": "instructions", "reference": "another|kernel", "reference_value": 228,
}  # fmt: skip


def test_a_row_has_the_ratio_to_its_reference() -> None:
    assert cells(ROW)[3:] == ("171", "instructions", "another|kernel", "228", "0.75")


def test_a_row_without_a_reference_has_no_ratio() -> None:
    assert cells({**ROW, "reference": "", "reference_value": None, "value": 0.5})[3:] == (
        "0.500",
        "instructions",
        "",
        "",
        "",
    )


def test_the_page_has_a_table_for_each_bench_and_keeps_its_columns() -> None:
    text = page({"kernel": [ROW]})
    assert "## kernel" in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 3
    assert {line.replace("\\|", "").count("|") for line in table} == {9}
