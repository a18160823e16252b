"""`range(b)`, `range(a, b)` and `range(a, b, step)` count as in Python; the end is taken once."""
# cpython
from metal import i32, u32, u64


def total(n: u64) -> u64:
    sum: u64 = 0
    for i in range(n):
        sum += i
    return sum


def between(a: u32, b: u32) -> u32:
    sum: u32 = 0
    for i in range(a, b):
        sum += i
    return sum


def times(a: i32, b: i32) -> u32:
    n: u32 = 0
    for _ in range(a, b):
        n += 1
    return n


def by_threes(n: u32) -> u32:
    sum: u32 = 0
    for i in range(0, n, 3):
        sum += i
    return sum


def down(n: i32) -> i32:
    last: i32 = 100
    for i in range(n, -1, -1):
        last = last * 3 % 1000 + i
    return last


def test_counts() -> None:
    assert total(0) == 0
    assert total(5) == 10
    assert between(3, 6) == 12
    assert between(6, 3) == 0
    assert times(-3, 3) == 6
    assert times(3, -3) == 0


def test_steps() -> None:
    assert by_threes(10) == 18
    assert by_threes(9) == 9
    assert by_threes(0) == 0
    assert down(2) == 721


def moving_end() -> u32:
    n: u32 = 4
    turns: u32 = 0
    for _ in range(n):
        n += 1
        turns += 1
    return turns * 100 + n


def test_the_end_is_taken_once() -> None:
    assert moving_end() == 408
