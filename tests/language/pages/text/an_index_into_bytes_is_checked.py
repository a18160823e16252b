"""An index outside a literal traps."""
from metal import u8, u32


def letter(i: u32) -> u8:
    return b"abc"[i]  # trap: bounds


def test_inside() -> None:
    assert letter(2) == 99


def trap_outside() -> None:
    assert letter(3) == 0
