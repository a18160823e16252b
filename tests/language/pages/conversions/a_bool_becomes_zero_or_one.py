"""A bool converts to an integer as 0 or 1, never silently."""
# cpython
from metal import U8, U64, W32, u64


def count(a: bool, b: bool) -> u64:
    return U64(a) + U64(b)


def test_values() -> None:
    assert count(True, True) == 2
    assert count(False, True) == 1
    assert U8(False) == 0
    assert W32(True) == 1
