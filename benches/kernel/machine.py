"""The machine that the counts are taken on, and the program that runs there as root."""

from __future__ import annotations

from typing import Final

from motet.plan.board import find_board
from motet.rooted import Machine

PROGRAM: Final = "benches.kernel.program"
ROUNDS: Final = "benches.kernel.rounds"
FAMILY: Final = "aarch64"


def measured_machine(family: str = FAMILY, rounds: int | None = None) -> Machine:
    """One CPU, whose counter programs may read; `rounds` changes how often each operation is made."""
    return Machine(
        find_board(family).name,
        define={f"kernel.arch.{family}.cpu.OPEN_COUNTERS": 1},
        root_define={} if rounds is None else {f"{ROUNDS}.ROUNDS": rounds},
    )
