"""Every index is checked against the length, for reading and for writing, in every dimension."""
from metal import Array, array, u8, u32, u64

values: Array[u32] = array(4)
grid: Array[Array[u8]] = array(2, 3)


def read(i: u32) -> u32:
    return values[i]  # trap: bounds


def write(i: u64) -> None:
    values[i] = 1  # trap: bounds


def increase(i: u8) -> None:
    values[i] += 1  # trap: bounds


def row(i: u32, j: u32) -> u8:
    return grid[i][j]  # trap: bounds


def test_the_last_element() -> None:
    write(3)
    increase(3)
    assert read(3) == 2
    assert row(1, 2) == 0


def trap_read() -> None:
    assert read(4) == 0


def trap_read_far() -> None:
    assert read(4294967295) == 0


def trap_write() -> None:
    write(4)


def trap_write_at_an_index_that_would_vanish_when_narrowed() -> None:
    write(4294967296)


def trap_increase() -> None:
    increase(255)


def trap_row() -> None:
    assert row(2, 0) == 0


def trap_column() -> None:
    assert row(1, 3) == 0
