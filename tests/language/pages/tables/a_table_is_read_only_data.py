"""`table(...)` is data that is fixed while compiling."""
# cpython
from metal import Array, table, u8, u32

powers: Array[u32] = table(1, 10, 100, 1000)
signs: Array[u8] = table(7, 0xFF)


def power(i: u32) -> u32:
    return powers[i]


def test_values() -> None:
    assert power(0) == 1
    assert power(3) == 1000
    assert signs[1] == 255
    assert len(powers) == 4


def test_iteration() -> None:
    total: u32 = 0
    for p in powers:
        total += p
    assert total == 1111
