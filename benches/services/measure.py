"""Counts instructions of a service call, as a function and as a process, with the emulator's instruction counter."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benches.rows import Row
from motet.choice import Choice, choose
from motet.emulator import Emulator, Settings
from motet.launch import lay_out
from motet.session import Outlets, Session

HERE: Final = Path(__file__).parent
# One instruction takes one nanosecond of the device's clock, so a time is a count.
COUNTED: Final = ["-icount", "shift=0,sleep=off"]


def measure() -> list[Row]:
    """A row for each placement and size of message."""
    return [row for placement in ("function", "process") for row in measured(placement)]


def measured(placement: str) -> list[Row]:
    """What one image says."""
    laid = lay_out(*choose(Choice(what=str(HERE / f"{placement}.toml"))))
    output = bytearray()
    settings = Settings(memory=laid.board.memory, cpus=laid.cpus, extra=COUNTED)
    with Emulator(laid.board, laid.file, settings) as emulator:
        outlets = Outlets(output.extend, lambda text: None, lambda text: None)
        session = Session(emulator, laid.symbols, outlets, laid.folders)
        if session.run(None, 120.0) != 0:
            raise RuntimeError(output.decode(errors="replace"))
    rows: list[Row] = []
    for line in output.decode().splitlines():
        _, hundredths, case = line.split(" ", 2)
        rows.append({
            "bench": "services", "case": f"call of a {placement}, {case}", "family": laid.board.target,
            "metric": "instructions", "value": int(hundredths) / 100, "unit": "instructions", "reference": "",
            "reference_value": None,
        })  # fmt: skip
    return rows
