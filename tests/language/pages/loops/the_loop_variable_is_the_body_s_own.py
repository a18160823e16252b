"""Changing the loop's variable does not change the count, and it keeps its last value afterwards."""
# cpython
from metal import u32


def turns(n: u32) -> u32:
    count: u32 = 0
    for i in range(n):
        i += 10
        count += 1
        assert i >= 10
    return count


def last(n: u32) -> u32:
    i: u32 = 99
    for i in range(n):
        pass
    return i


def test_count() -> None:
    assert turns(5) == 5


def test_after_the_loop() -> None:
    assert last(5) == 4
    assert last(0) == 99
