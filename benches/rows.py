"""One line of a bench's report, as every `benches/NAME/measure.py` returns them from `measure()`."""

from __future__ import annotations

from typing import TypedDict


class Row(TypedDict):
    """A measured value, and what it is compared with ("" and None when with nothing)."""

    bench: str
    case: str
    family: str
    metric: str
    value: float
    unit: str
    reference: str
    reference_value: float | None
