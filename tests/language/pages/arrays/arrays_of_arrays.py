"""`array(N, M)` has rows, each of them an array."""
from metal import Array, array, i64, u32

grid: Array[Array[u32]] = array(3, 5)


def fill() -> None:
    n: u32 = 0
    for row in grid:
        for i in range(5):
            row[i] = n
            n += 1


def test_rows_and_columns() -> None:
    fill()
    assert grid[0][0] == 0
    assert grid[0][4] == 4
    assert grid[1][0] == 5
    assert grid[2][4] == 14
    assert len(grid) == 3
    assert len(grid[1]) == 5


def test_a_row_has_two_names() -> None:
    row = grid[1]
    row[2] = 99
    assert grid[1][2] == 99


def test_a_local_grid() -> None:
    m: Array[Array[i64]] = array(2, 2)
    m[0][0] = -1
    m[1][1] = 7
    assert m[0][0] == -1
    assert m[0][1] == 0
    assert m[1][1] == 7
