"""`assign` copies arrays of any depth between storage of one type."""
# cpython
from metal import Array, array, assign, struct, u8, u32


@struct
class Board:
    rows: Array[Array[u8]] = array(2, 3)
    total: u32 = 0


a: Board = Board()
b: Board = Board()
plain: Array[u32] = array(3)
other: Array[u32] = array(3)


def test_inside_a_struct() -> None:
    a.rows[1][2] = 7
    assign(b.rows, a.rows)
    a.rows[1][2] = 8
    assert b.rows[1][2] == 7
    assign(b.rows[0], a.rows[1])
    assert b.rows[0][2] == 8
    assert b.total == 0


def test_globals() -> None:
    plain[1] = 5
    assign(other, plain)
    plain[1] = 6
    assert other[1] == 5


def test_locals() -> None:
    x: Array[u32] = array(3)
    other[0] = 0
    other[1] = 5
    assign(x, other)
    assert x[1] == 5
    x[0] = 4
    assert other[0] == 0
