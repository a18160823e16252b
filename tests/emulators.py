"""Whether a board's machine can be had here."""

from __future__ import annotations

import shutil

import pytest

from motet.plan.board import find_board


def need_emulator(board: str) -> None:
    """Some machines are emulated by what no package holds: where that is missing, nothing is executed."""
    emulator = find_board(board).emulator
    if not emulator.package and shutil.which(emulator.program) is None:
        pytest.skip(f"not executed: {emulator.program} is not on this machine")
