"""Each operation is checked by itself: a sum that leaves the type traps even when a later step would bring it back."""
from metal import u8


def middle(a: u8, b: u8) -> u8:
    return (a + b) // 2  # trap: overflow


def back(a: u8, b: u8) -> u8:
    return a - b + b  # trap: overflow


def test_small_values() -> None:
    assert middle(100, 50) == 75
    assert back(9, 4) == 9


def trap_middle() -> None:
    assert middle(200, 100) == 150


def trap_back() -> None:
    assert back(4, 9) == 4
