"""An index outside a table traps."""
from metal import Array, table, u32

powers: Array[u32] = table(1, 10, 100, 1000)


def power(i: u32) -> u32:
    return powers[i]  # trap: bounds


def test_inside() -> None:
    assert power(3) == 1000


def trap_outside() -> None:
    assert power(4) == 0
