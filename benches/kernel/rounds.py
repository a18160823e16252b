"""How often the bench makes each operation."""

from typing import Final

ROUNDS: Final = 1000
WARM: Final = 200
"""Rounds that are not counted: a thread keeps what it used while it started for some turns, as its vector registers."""
