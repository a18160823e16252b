"""Stands in for the supervisor, and fails at once."""

from metal import Array, array, u8
from system.runtime.program import start_record

few: Array[u8] = array(2)


def main() -> None:
    """Looks beyond an array."""
    few[start_record().process + 5] = 1
