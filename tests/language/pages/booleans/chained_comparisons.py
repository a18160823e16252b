"""`a < b < c` compares each neighbour once, from left to right, and stops at the first that fails."""
# cpython
from metal import i32, u32

seen: u32 = 0


def look(x: i32) -> i32:
    global seen
    seen += 1
    return x


def between(low: i32, x: i32, high: i32) -> bool:
    return low <= x < high


def test_values() -> None:
    assert between(0, 0, 10)
    assert between(0, 9, 10)
    assert not between(0, 10, 10)
    assert not between(0, -1, 10)
    assert 1 < 2 < 3 < 4
    assert not 1 < 2 < 2


def test_each_operand_is_evaluated_once() -> None:
    global seen
    seen = 0
    assert look(1) < look(2) < look(3)
    assert seen == 3
    seen = 0
    assert not look(5) < look(2) < look(3)
    assert seen == 2
