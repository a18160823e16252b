"""Which boards there are, and whether a board's machine can be had here."""

from __future__ import annotations

import shutil

import pytest

from motet.plan.board import board_names, find_board


def present(*boards: str) -> list[str]:
    """Those of the boards that the tree has: a family may have been taken away."""
    return [board for board in boards if board in board_names()]


def need_emulator(board: str) -> None:
    """Some machines are emulated by what no package holds: where that is missing, nothing is executed."""
    emulator = find_board(board).emulator
    if not emulator.package and shutil.which(emulator.program) is None:
        pytest.skip(f"not executed: {emulator.program} is not on this machine")
