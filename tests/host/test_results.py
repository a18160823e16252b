"""Rows of a bench become a page that a person can read."""

from __future__ import annotations

from motet.results import cells, grown, kept_values, page

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


def test_a_page_keeps_the_exact_values_of_its_rows() -> None:
    text = page({"kernel": [ROW, {**ROW, "case": "boot", "metric": "wall time", "value": 3.5}]})
    assert kept_values(text) == {("kernel", "null call", "some", "instructions"): 171.0}


def test_what_costs_two_per_cent_more_is_named_and_what_costs_less_is_not() -> None:
    kept = kept_values(page({"kernel": [ROW]}))
    assert grown([{**ROW, "value": 174.0}, {**ROW, "value": 90.0}, {**ROW, "case": "new", "value": 900.0}], kept) == []
    assert grown([{**ROW, "value": 175.0}], kept) == ["null call on some: 175 instead of 171 instructions"]
